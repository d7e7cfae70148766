// LossAlarm says that more is lost than is usual: by CUSUM (Page, 1954), which
// sums up what is lost beyond that and a little, and notices small excesses
// that last and large ones at once.
//
// One epoch says so much of an alarm at most: what is lost at one moment is no
// limit, which goes on.
//
// No clock, no socket.

#pragma once

#include <algorithm>
#include <cmath>

#include "resolver/pacing/epoch_ledger.h"

namespace mxscan {

// Of a share that chance makes.
inline double Variance(double share) { return share * (1 - share); }

class LossAlarm {
 public:
  void Watch(const Epoch& epoch, double usual) {
    const double tolerance =
        kTolerance + kTolerancePerDeviation * std::sqrt(Variance(usual));
    excess_ += std::min(epoch.lost() - epoch.counted() * (usual + tolerance),
                        kMostOfAnEpoch * Threshold(usual));
    if (excess_ > 0) {
      suspect_.Add(epoch);
    } else {
      *this = LossAlarm();
    }
  }

  bool Sounds(double usual) const { return excess_ > Threshold(usual); }
  // Or nearly: what was lost is not to be taken for usual.
  bool IsNear(double usual) const {
    return excess_ > kSuspicion * Threshold(usual);
  }

  // What has been judged since nothing was suspect.
  const EpochSum& suspect() const { return suspect_; }

 private:
  // What is let pass, and when it speaks: a little, and more where chance
  // alone makes more.
  static constexpr double kTolerance = .003;
  static constexpr double kTolerancePerDeviation = .05;
  static constexpr double kAlarm = 8;
  static constexpr double kAlarmPerVariance = 200;
  static constexpr double kMostOfAnEpoch = .3;
  static constexpr double kSuspicion = .25;

  static double Threshold(double usual) {
    return kAlarm + kAlarmPerVariance * Variance(usual);
  }

  double excess_ = 0;
  EpochSum suspect_;
};

}  // namespace mxscan
