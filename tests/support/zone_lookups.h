// ZoneLookups answers what a collector asks from a small zone, so that a test
// of one is a zone and the facts that come of it:
//
//   ZoneLookups zone;
//   zone.Txt("_smtp._tls.example.com", "v=TLSRPTv1; ...");
//   zone.Run(task, subject);
//
// What the zone does not have does not exist. Answers come in the order of the
// questions, or, after Backwards(), the last first, or in any other order.

#pragma once

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/collect/check_task.h"
#include "tests/support/packet_builder.h"

namespace mxscan {

class ZoneLookups final : public CheckLookups {
 public:
  ZoneLookups& Txt(std::string_view name, std::string_view text);
  // Any type, rdata as it is given.
  ZoneLookups& Raw(std::string_view name, RrType type,
                   std::vector<uint8_t> rdata);
  ZoneLookups& A(std::string_view name, std::string_view ipv4);
  ZoneLookups& Mx(std::string_view name, std::string_view exchange);
  // What comes of fetching `https://HOST/PATH`; of others it is status 404.
  ZoneLookups& File(std::string_view url, FetchOutcome outcome,
                    std::string_view body = {});
  // Nobody gives an answer about the name, but to those who ask unchecked; nor
  // from the URL.
  ZoneLookups& Fails(std::string_view name,
                     Outcome outcome = Outcome::kServFail);
  // What is said of the name carries the AD flag.
  ZoneLookups& Signed(std::string_view name);
  ZoneLookups& Backwards();
  // Answers come in an order that depends on `seed` alone.
  ZoneLookups& Shuffled(uint32_t seed);

  // From Begin until the task is done.
  void Run(CheckTask& task, const CheckSubject& subject);

  // `NAME TYPE`, the number of the type, or a URL, in the order of asking.
  const std::vector<std::string>& asked() const { return asked_; }

  void Ask(NameView name, RrType type, int part) override;
  void AskShared(NameView name, RrType type, int part) override;
  void AskUnchecked(NameView name, RrType type, int part) override;
  void AskHost(NameView host, int part) override;
  void FetchFile(std::string_view host, std::string_view path,
                 absl::Span<const IpAddress> addresses, int part) override;

 private:
  struct Question {
    Name name;
    RrType type;
    int part;
    bool is_host = false;
    bool unchecked = false;
    std::string url = {};  // Of a file.
    std::string url_host = {};
  };
  struct Node {
    std::vector<std::pair<RrType, std::vector<uint8_t>>> records;
    std::vector<IpAddress> addresses;
    Outcome failure = Outcome::kAnswer;
    bool authenticated = false;
    FetchOutcome file = FetchOutcome::kStatus;
    std::string body;
  };

  Question TakeNext();
  void Give(CheckTask& task, const Question& question);
  void GiveHost(CheckTask& task, const Question& question);
  void GiveFile(CheckTask& task, const Question& question);

  std::map<std::string, Node, std::less<>> nodes_;
  std::deque<Question> waiting_;
  std::vector<std::string> asked_;
  bool backwards_ = false;
  std::optional<std::minstd_rand> chance_;
};

}  // namespace mxscan
