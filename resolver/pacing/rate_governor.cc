#include "resolver/pacing/rate_governor.h"

#include <cmath>
#include <utility>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanos = RateGovernor::Nanos;

// Before anything was heard, or after an outage.
constexpr int kFirstOpen = 64;
constexpr int kOpenBeyondRate = 16;
constexpr Nanos kOpenBeyondWait = milliseconds(10);
constexpr int kSilencesToStall = 8;

// What so long a time has brought is learnt at once, or not at all.
constexpr Nanos kLesson = milliseconds(250);

// A look up tells two shares apart when five deviations lie between them, and
// one down when three do. Near a limit a look takes more than the burst that
// some limits let through first.
constexpr double kSamples = 25;
constexpr double kSamplesDown = 9;
constexpr int kFewestSamples = 24;
constexpr int kManySamples = 300;
constexpr Nanos kLongestLook = milliseconds(1500);
constexpr Nanos kLongestOfAll = seconds(5);
// One that sent less of its rate was held back by something else.
constexpr double kFull = .8;

// Looks up. In the start they may be short, for a limit shows at once; but far
// away a look that was too short for it is found out only a round-trip later.
constexpr double kStartStep = .5;
constexpr double kFarStartStep = 1;
constexpr Nanos kFar = milliseconds(50);
constexpr double kStep = .03;
constexpr double kLargeStep = .15;  // After a fall to less than kDeepFall.
constexpr double kDeepFall = .8;
constexpr double kSharedStep = .1;  // At most.
constexpr double kStepGrowth = 1.5;
constexpr double kNoisyStepGrowth = 2;
constexpr Nanos kStartLook = milliseconds(30);
constexpr Nanos kFarStartLook = milliseconds(60);
constexpr Nanos kNoisyStartLook = milliseconds(90);
constexpr Nanos kLook = milliseconds(400);
constexpr Nanos kLongLook = milliseconds(600);
constexpr Nanos kStartRest = milliseconds(50);
constexpr Nanos kFirstRest = milliseconds(250);
constexpr Nanos kRestWhenFound = seconds(1);
constexpr Nanos kLongestRest = seconds(8);
constexpr double kRegained = .95;
constexpr double kGained = 1.1;

// A queue that is worth an experiment, and one that is too long whatever the
// experiment said.
constexpr Nanos kQueue = milliseconds(3);
constexpr Nanos kLongQueue = milliseconds(10);
constexpr Nanos kStands = milliseconds(100);  // So long at least.
constexpr Nanos kDrained = milliseconds(25);  // And is gone for so long.
constexpr double kLeastBearable = .4;         // Of the rate.

// Falls. A rate that was held for so long has proved itself; what it falls to
// is so much of what was delivered.
constexpr Nanos kProven = seconds(2);
constexpr double kMargin = .97;
constexpr double kGivenWay = .5;  // Where nearly nothing is answered.

// Looks down, by so much of the rate for each share of loss. Where the rate is
// low, a deep one would take too long.
constexpr double kDepthPerShare = 2.5;
constexpr double kLeastDepth = .15;
constexpr double kMostDepth = .7;
constexpr double kShallow = .4;
constexpr double kFewEnough = 800;
constexpr double kLeastGap = .3;   // Of the share, that may be ours.
constexpr double kDeviations = 2;  // Beyond chance: less is lost,
constexpr double kFarWorse = 3;    // or more.
constexpr double kNoisy = .01;
constexpr double kVeryNoisy = .03;
constexpr double kMuchNews = .4;
constexpr double kNews = .05;
constexpr double kSomeNews = .01;
constexpr double kLearnable = .02;
constexpr double kMostUsual = .7;
constexpr Nanos kBetweenLooksDown = seconds(8);
constexpr Nanos kAgainDown = milliseconds(500);

double Seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

// How long to look to tell a share of loss from one that differs by `gap`.
Nanos LookLength(double share, double gap, double rate, double fewest,
                 Nanos least) {
  const double wanted = fewest + kSamples * Variance(share) / (gap * gap);
  const double longest = std::max(Seconds(kLongestLook), kFewestSamples / rate);
  const double length = std::min(wanted / rate, longest);
  return std::max(least, Nanos(static_cast<int64_t>(1e9 * length)));
}

}  // namespace

RateGovernor::RateGovernor(int window, int sharers)
    : window_(window),
      sharers_(sharers),
      most_open_(std::min(window, kFirstOpen)),
      rate_(kFirst / sharers),
      pace_(rate_),
      pacer_(Nanos(0), 1),
      step_(kStartStep),
      rest_(kFirstRest) {
  ledger_.BeginRound(Nanos(0), round_);
  SetPace(rate_);
}

// What is under way proves nothing.
void RateGovernor::OnLocalDrop(Nanos now) {
  rate_ = std::max(rate_, doubted_);
  if (phase_ == Phase::kHold) return Begin(Phase::kHold, rate_, now);
  Hold(rate_, kFirstRest, now);
}

void RateGovernor::Tick(Nanos now, const RoundTrip& round_trip) {
  usual_wait_ = round_trip.smoothed();
  ledger_.BeginTurn(now, round_trip);
  service_.OnTurn(now);
  if (stalled_ && ledger_.alive()) Resume(now);
  while (const Epoch* epoch = ledger_.NextJudged(now)) Judge(*epoch, now);
  ledger_.EndTurn();
  if (ledger_.silent() >= kSilencesToStall) {
    Stall(now);
  } else {
    Decide(now);
  }
  BoundOpen();
}

void RateGovernor::Judge(const Epoch& epoch, Nanos now) {
  if (epoch.round != round_) return;
  tally_.Add(epoch);
  alarm_.Watch(epoch, usual_.loss());
  if (phase_ != Phase::kHold) return;
  // Learnt only once no alarm has followed.
  lesson_.Add(epoch);
  if (lesson_.length() < kLesson || lesson_.counted == 0 || Suspicious()) {
    return;
  }
  Learn(lesson_);
  lesson_ = EpochSum();
  service_.Begin(now, pace_);
}

void RateGovernor::Learn(const EpochSum& tally) {
  usual_.Learn(tally, sharers_ == 1 || phase_ == Phase::kDown);
}

bool RateGovernor::Alarmed() const { return alarm_.Sounds(usual_.loss()); }

bool RateGovernor::Suspicious() const { return alarm_.IsNear(usual_.loss()); }

bool RateGovernor::IsToDrain(const EpochSum& tally, Nanos now) const {
  return drain_.MayBegin(now) && usual_.IsExceededBy(tally, kQueue);
}

// Queries a second that were served, lost as usual or not.
double RateGovernor::Delivered(const EpochSum& tally) const {
  return tally.rate() * (1 - tally.share()) / (1 - usual_.loss());
}

void RateGovernor::Decide(Nanos now) {
  switch (phase_) {
    case Phase::kHold: return DecideHold(now);
    case Phase::kUp: return DecideUp(now);
    case Phase::kDown: return DecideDown(now);
    case Phase::kDrain: return DecideDrain(now);
  }
}

void RateGovernor::DecideHold(Nanos now) {
  // What waits in a queue may look lost.
  const bool alarmed = Alarmed();
  const EpochSum& recent = alarmed ? alarm_.suspect() : lesson_;
  const bool told = alarmed || QueueDrain::IsTold(recent, kStands);
  if (told && IsToDrain(recent, now)) return Drain(recent, now);
  if (alarmed) return Fall(now);
  if (tally_.counted < kFewestSamples) return;
  if (usual_.loss() > kVeryNoisy && now >= next_down_ && !Suspicious()) {
    return Down(usual_.loss(), usual_.learned(), now);
  }
  if (now < next_up_ || rate_ >= kMost) return;
  base_ = rate_;
  if (!Suspicious()) Learn(lesson_);
  Up(now);
}

void RateGovernor::Up(Nanos now) {
  const double most = usual_wait_ > kFar ? kFarStartStep : kStartStep;
  if (starting_) step_ = most;
  if (former_ > 0) step_ = std::clamp(former_ / rate_ - 1, kStep, most);
  // Where much is lost anyway, a small step could not be judged in time.
  const double least_step = std::sqrt(kSamples * Variance(usual_.loss()) /
                                      (rate_ * Seconds(kLongLook))) /
                            (1 - usual_.loss());
  const double step = std::max(step_, std::min(least_step, kStartStep));
  trial_ = std::min(rate_ * (1 + step), kMost);
  const double gap = (trial_ / rate_ - 1) * (1 - usual_.loss());
  const Nanos least = !starting_               ? kLook
                      : usual_wait_ > kFar     ? kFarStartLook
                      : usual_.loss() > kNoisy ? kNoisyStartLook
                                               : kStartLook;
  look_length_ = LookLength(usual_.loss(), gap, trial_,
                            starting_ ? kFewestSamples : kManySamples, least);
  look_ended_ = 0;
  Begin(Phase::kUp, trial_, now);
}

void RateGovernor::DecideUp(Nanos now) {
  if (Alarmed()) return NotBorne(Delivered(alarm_.suspect()), now);
  const bool told = QueueDrain::IsTold(tally_, Nanos(0));
  if (told && IsToDrain(tally_, now)) return Drain(tally_, now);
  if (look_ended_ == 0) {
    if (now >= round_began_ + look_length_) EndLook(now);
    return;
  }
  if (!ledger_.Judged(look_ended_)) return;
  const double gap = (trial_ / rate_ - 1) * (1 - usual_.loss());
  const double excess = tally_.share() - usual_.loss();
  // Where much is lost anyway, chance alone looks suspicious.
  if (Suspicious() &&
      (usual_.loss() < kNoisy || sharers_ > 1 || excess > gap / 8)) {
    return NotBorne(Delivered(alarm_.suspect()), now);
  }
  if (excess > gap / 2) {
    return NotBorne(Delivered(tally_), now);
  }
  if (usual_.IsExceededBy(tally_, kLongQueue)) return NotBorne(rate_, now);
  const bool full =
      tally_.rate() >= kFull * trial_ && tally_.counted >= kFewestSamples / 2;
  if (!full) return Hold(rate_, starting_ ? kStartRest : kFirstRest, now);
  Borne(now);
}

// While the look is judged, the old rate is good enough.
void RateGovernor::EndLook(Nanos now) {
  look_ended_ = ledger_.BeginRound(now, /*round=*/0);
  SetPace(rate_);
}

void RateGovernor::Borne(Nanos now) {
  failed_once_ = false;
  if (tally_.share() < usual_.loss() + kLearnable) Learn(tally_);
  rate_ = trial_;
  rate_since_ = now;
  if (former_ > 0 && rate_ >= kRegained * former_) {
    former_ = 0;
    starting_ = false;
    step_ = kStep;
    return Hold(rate_, kRestWhenFound, now);
  }
  // Where others of our own ask too, what one gains may be what they give up.
  step_ = std::min(
      step_ * (usual_.loss() > kNoisy ? kNoisyStepGrowth : kStepGrowth),
      sharers_ > 1 ? kSharedStep : kStartStep);
  if (rate_ >= kMost) return Hold(rate_, kFirstRest, now);
  Up(now);
}

void RateGovernor::NotBorne(double delivered, Nanos now) {
  // Where much is lost anyway, or the way is long and replies scatter, chance
  // makes such failures too.
  if (starting_ && (usual_.loss() > kNoisy || usual_wait_ > kFar) &&
      !std::exchange(failed_once_, true)) {
    return Hold(rate_, Nanos(0), now);
  }
  const double rate =
      std::clamp(kMargin * delivered, .8 * rate_, kMargin * trial_);
  const bool found = starting_ || rate > kGained * base_;
  rest_ = found ? kRestWhenFound : std::min(2 * rest_, kLongestRest);
  starting_ = false;
  former_ = 0;
  step_ = kStep;
  Hold(rate, rest_, now);
}

// More is lost than is usual, at the rate we hold.
void RateGovernor::Fall(Nanos now) {
  const bool proven = now >= rate_since_ + kProven || usual_.loss() > kNoisy;
  former_ = proven ? rate_ : 0;
  rest_ = proven ? kFirstRest : std::min(2 * rest_, kLongestRest);
  step_ = kStep;
  // What is suspect begins with a loss, which makes its share look larger.
  const bool all = 2 * alarm_.suspect().counted >= tally_.counted;
  const EpochSum& before = all ? tally_ : alarm_.suspect();
  Down(before.share(), static_cast<double>(before.counted), now);
}

// Looks from so far below that little is left of what is our doing, even where
// others of our own ask the same server.
void RateGovernor::Down(double share, double counted, Nanos now) {
  share_before_ = share;
  counted_before_ = counted;
  const double most = rate_ < kFewEnough ? kShallow : kMostDepth;
  const double depth =
      std::clamp(kDepthPerShare * share * sharers_, kLeastDepth, most);
  const double gap = std::max(share - usual_.loss(), kLeastGap * share);
  wanted_ =
      kFewestSamples * sharers_ + kSamplesDown * Variance(share) / (gap * gap);
  next_down_ = now + kBetweenLooksDown;
  Begin(Phase::kDown, std::max((1 - depth) * rate_, kLeast), now);
}

// The rate that leaves no queue, where `asked` a second have made one: a little
// less than is served.
double RateGovernor::Bearable(double asked, Nanos now) const {
  const double served = service_.At(now) / (1 - usual_.loss());
  return std::clamp(kMargin * served, kLeastBearable * rate_, asked);
}

void RateGovernor::Drain(const EpochSum& before, Nanos now) {
  const double asked = phase_ == Phase::kUp ? trial_ : rate_;
  // Where questions are lacking, what is answered says nothing of the rate.
  const bool lacking = !held_back_ && before.rate() < kFull * asked;
  const double bearable = lacking ? rate_ : Bearable(asked, now);
  drain_.Begin(now, {.rtt = before.mean_rtt(),
                     .usual = usual_.rtt(),
                     .open = ledger_.open() - LostOpen(),
                     .bearable = bearable,
                     .sharers = sharers_,
                     .found = !lacking && bearable < asked});
  Begin(Phase::kDrain, std::max(drain_.pace(), kLeast), now);
}

void RateGovernor::DecideDrain(Nanos now) {
  if (now < drain_.empty_at()) return;
  const bool looks = round_began_ >= drain_.empty_at();
  if (!looks) return Begin(Phase::kDrain, pace_, now);
  if (Alarmed()) return Fall(now);
  const bool late = now >= round_began_ + kLongestLook;
  if (late || QueueDrain::IsTold(tally_, kDrained)) EndDrain(now);
}

void RateGovernor::EndDrain(Nanos now) {
  if (!drain_.Helped(tally_)) {
    if (tally_.timed > 0) usual_.LearnSlower(tally_.mean_rtt());
    drain_.OnNoHelp(now);
    return Hold(rate_, kFirstRest, now);
  }
  drain_.OnHelp();
  if (drain_.found()) starting_ = false;
  former_ = 0;
  step_ = kStep;
  Hold(drain_.bearable(), starting_ ? Nanos(0) : kRestWhenFound, now);
}

// How many deviations of chance lie between what was lost before and now.
double RateGovernor::Improvement() const {
  const auto counted = static_cast<double>(tally_.counted);
  const double lost =
      share_before_ * counted_before_ + static_cast<double>(tally_.lost);
  const double all = counted_before_ + counted;
  const double variance = std::max(Variance(lost / all), 1 / all);
  return (share_before_ - tally_.share()) /
         std::sqrt(variance * (1 / counted_before_ + 1 / counted));
}

void RateGovernor::DecideDown(Nanos now) {
  const auto counted = static_cast<double>(tally_.counted);
  if (counted < wanted_ && tally_.length() < kLongestOfAll &&
      (tally_.length() < kLongestLook || counted < kManySamples)) {
    return;
  }
  next_down_ = now + std::max(kBetweenLooksDown, 12 * tally_.length());
  const double share = tally_.share();
  if (counted == 0 || share > kMostUsual) {  // Nothing can be told from this.
    starting_ = false;
    return Hold(kGivenWay * rate_, rest_, now);
  }
  if (Improvement() < -kFarWorse) {
    // While we asked less, more was lost: others ask, or the limit fell.
    rate_ = pace_;
    doubted_ = 0;
    return Down(share, counted, now);
  }
  const double served = Delivered(tally_);
  const double news = share - usual_.loss();
  const bool ours = Improvement() > kDeviations;
  if (!ours && news > kMuchNews && doubted_ == 0) {
    // So it looks, too, when the limit is far below either rate.
    doubted_ = std::exchange(rate_, pace_);
    return Down(share, counted, now);
  }
  if (!ours && doubted_ > 0) rate_ = doubted_;
  // What is lost far below the rate is what is usual.
  if (tally_.counted >= kFewestSamples) {
    usual_.ForgetLoss();
    Learn(tally_);
  }
  ours ? Ours(share, served, now) : NotOurs(news, now);
}

// The rate falls by what was lost beyond what is usual, but not below what was
// served during the look.
void RateGovernor::Ours(double share, double served, Nanos now) {
  starting_ = false;
  if (share > 0) next_down_ = now + kAgainDown;  // More may be gained.
  const double left = kMargin * (1 - share_before_) / (1 - share);
  if (left < kDeepFall) step_ = kLargeStep;
  Hold(std::max(left * rate_, kMargin * served), rest_, now);
}

// If more is usual by `news` than was thought, what was taken for a limit may
// have been none.
void RateGovernor::NotOurs(double news, Nanos now) {
  former_ = 0;
  // But where others of our own ask too it may as well be they, later on.
  if (news > kNews && (sharers_ == 1 || !std::exchange(restarted_, true))) {
    starting_ = true;
    failed_once_ = false;
  }
  if (starting_) return Hold(rate_, Nanos(0), now);
  if (sharers_ == 1 && news > kSomeNews) {
    step_ = kLargeStep;
    rest_ = kFirstRest;
  }
  Hold(rate_, rest_, now);
}

// Nothing is heard. Whether it is out is not ours to say (health.h), but it is
// not pressed.
void RateGovernor::Stall(Nanos now) {
  ledger_.ForgetSilence();
  rate_ = std::max(rate_, doubted_);
  former_ = std::max(former_, rate_);
  stalled_ = true;
  Hold(std::min(rate_ / 2, kFirst / sharers_), kLongestRest, now);
}

// It is back: from here on as at first, up to what it bore.
void RateGovernor::Resume(Nanos now) {
  stalled_ = false;
  starting_ = true;
  failed_once_ = false;
  restarted_ = false;
  rest_ = kFirstRest;
  Hold(std::min(former_, kFirst / sharers_), Nanos(0), now);
}

void RateGovernor::Hold(double rate, Nanos rest, Nanos now) {
  if (rate != rate_) rate_since_ = now;
  rate_ = std::clamp(rate, kLeast, kMost);
  next_up_ = now + rest;
  if (next_down_ == Nanos(0)) next_down_ = now + kBetweenLooksDown;
  Begin(Phase::kHold, rate_, now);
}

void RateGovernor::Begin(Phase phase, double pace, Nanos now) {
  if (phase != Phase::kDown) doubted_ = 0;
  phase_ = phase;
  round_began_ = now;
  tally_ = EpochSum();
  held_back_ = false;
  service_.Begin(now, pace);
  alarm_ = LossAlarm();
  lesson_ = EpochSum();
  SetPace(pace);
  ledger_.BeginRound(now, ++round_);
}

void RateGovernor::SetPace(double rate) {
  pace_ = rate;
  const Nanos interval(std::max<int64_t>(1, std::llround(1e9 / rate)));
  // Two at least, or a loop that wakes by the millisecond loses the fractions.
  const int64_t burst = std::max<int64_t>(kSlack / interval, 2);
  pacer_.SetPace(interval, static_cast<int>(burst));
}

// Those that are lost stay open until they are judged.
double RateGovernor::LostOpen() const {
  return usual_.loss() * pace_ * Seconds(ledger_.judged_after());
}

void RateGovernor::BoundOpen() {
  double most = stalled_ ? kOpenBeyondRate : kFirstOpen;
  if (ledger_.alive()) {
    // A queue that grows must not make room for itself.
    const Nanos wait = std::min(usual_wait_, 4 * usual_.rtt() + kLongQueue);
    most = kOpenBeyondRate + pace_ * Seconds(2 * wait + kOpenBeyondWait) +
           LostOpen();
  }
  most_open_ = static_cast<int>(std::min<double>(most, window_));
}

}  // namespace mxscan
