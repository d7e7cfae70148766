// A world that is made against whoever asks about its SPF and DMARC: the bytes
// say what each question brings, records that lead to one another among it, and
// which answer comes next. What is checked is that the checks come to an end,
// ask no name twice and within their limits, and that their figures agree.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolver/wire/message_reader.h"
#include "scanner/collect/check_task.h"
#include "scanner/collect/spf_collector.h"
#include "scanner/collect/spf_tree.h"
#include "scanner/policy/dmarc_record.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

// The input, octet by octet; zeros when it is used up.
class Octets {
 public:
  Octets(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  uint8_t Take() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::string TakeText(size_t size) {
    std::string text;
    while (size-- > 0 && size_ > 0) text += static_cast<char>(Take());
    return text;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

constexpr std::string_view kPieces[] = {
    "v=spf1",      " include:n",      " a:n",     " mx:n",
    " exists:n",   " redirect=n",     " a",       " mx",
    " -all",       " ?all",           " ptr",     " include:%{i}.n",
    " include:",   " ip4:44.1.1.1",   " ip6:x",   "v=DMARC1",
    "; p=none",    "; p=reject",      "; sp=x",   "; psd=y",
    "; psd=n",     "; rua=mailto:a@", "n",        ".example.net",
    "example.com", ",mailto:b@n",     "spf2.0/x", "."};

constexpr size_t kMostText = 8000;

class World final : public CheckLookups {
 public:
  explicit World(Octets& octets) : octets_(octets) {}

  void Ask(NameView name, RrType type, int part) override {
    Add({Name(name), type, part, false});
  }
  void AskShared(NameView name, RrType type, int part) override {
    Ask(name, type, part);
  }
  void AskUnchecked(NameView name, RrType type, int part) override {
    Ask(name, type, part);
  }
  void AskHost(NameView host, int part) override {
    Add({Name(host), RrType::kA, part, true});
  }
  void FetchFile(std::string_view, std::string_view,
                 absl::Span<const IpAddress>, int) override {
    std::abort();  // Nobody may.
  }

  void AnswerAll(CheckTask& task) {
    while (!waiting_.empty()) {
      const size_t next = octets_.Take() % waiting_.size();
      std::swap(waiting_[next], waiting_.back());
      const Question question = waiting_.back();
      waiting_.pop_back();
      question.is_host ? AnswerHost(task, question) : Answer(task, question);
    }
    Check(task.done());
  }

  int cost() const { return cost_; }

 private:
  struct Question {
    Name name;
    RrType type;
    int part;
    bool is_host;
  };

  void Add(const Question& question) {
    cost_ += question.is_host ? 2 : 1;
    std::string key = ToText(question.name);
    key += question.is_host               ? " host"
           : question.type == RrType::kMx ? " mx"
                                          : "";
    // SPF may include a name that DMARC looks at.
    Check(asked_.insert(key).second || asked_.insert(key + " again").second);
    waiting_.push_back(question);
  }

  Outcome Failure() {
    static constexpr Outcome kFailures[] = {Outcome::kServFail,
                                            Outcome::kSilence, Outcome::kLoop,
                                            Outcome::kMalformed};
    return kFailures[octets_.Take() % 4];
  }

  std::string Text() {
    std::string text;
    for (int pieces = octets_.Take() % 32; pieces > 0; --pieces) {
      const uint8_t octet = octets_.Take();
      if (octet == 0xff) {
        text += octets_.TakeText(octets_.Take());
      } else if (octet >= 0xf0) {  // The same many times over.
        const std::string all = text;
        for (int i = octet - 0xf0; i > 0 && text.size() < kMostText; --i) {
          text += all;
        }
      } else if (octet >= 0x80) {
        text.append(" include:n").append(std::to_string(octet % 16));
        text += ".example.net";
      } else {
        text += kPieces[octet % std::size(kPieces)];
      }
    }
    return text.substr(0, kMostText);  // Five fit a message.
  }

  void Answer(CheckTask& task, const Question& question) {
    const std::string name = ToText(question.name);
    const uint8_t octet = octets_.Take();
    AnswerBuilder builder;
    mxscan::Question asked;
    asked.name = question.name;
    asked.type = question.type;
    builder.Begin(asked);
    AnswerHeader how;
    if (octet % 8 == 7) {
      how.outcome = Failure();
    } else {
      PacketBuilder packet(name, question.type);
      if (octet % 8 == 6) packet.Rcode(3);
      for (int i = 0; i < octet % 8 % 6; ++i) AddRecord(packet, question, name);
      packet.Section(Section::kAuthority).Soa("example", 60);
      how.outcome = builder.Add(*Message::Read(packet.Build()));
    }
    task.OnAnswer(question.part, builder.Finish(how), *this);
  }

  void AddRecord(PacketBuilder& packet, const Question& question,
                 const std::string& name) {
    if (question.type == RrType::kMx) {
      for (int i = octets_.Take() % 16; i > 0; --i) {
        packet.Mx(name, 10, "mx" + std::to_string(i) + ".example.net");
      }
      return;
    }
    std::vector<uint8_t> rdata;
    std::string text = Text();
    do {
      const std::string string = text.substr(0, 255);
      text.erase(0, string.size());
      rdata.push_back(static_cast<uint8_t>(string.size()));
      rdata.insert(rdata.end(), string.begin(), string.end());
    } while (!text.empty());
    packet.Raw(name, RrType::kTxt, rdata);
  }

  void AnswerHost(CheckTask& task, const Question& question) {
    static constexpr Outcome kOutcomes[] = {Outcome::kNxDomain,
                                            Outcome::kNoData, Outcome::kAnswer,
                                            Outcome::kServFail, Outcome::kLoop};
    const IpAddress address = *IpAddress::FromText("44.1.1.1");
    HostFamily a, aaaa;
    a.outcome = kOutcomes[octets_.Take() % std::size(kOutcomes)];
    aaaa.outcome = kOutcomes[octets_.Take() % std::size(kOutcomes)];
    if (a.outcome == Outcome::kAnswer) a.addresses = {&address, 1};
    if (aaaa.outcome == Outcome::kAnswer) aaaa.addresses = {&address, 1};
    task.OnHost(question.part, {question.name, question.name, a, aaaa}, *this);
  }

  Octets& octets_;
  std::vector<Question> waiting_;
  std::set<std::string> asked_;
  int cost_ = 0;
};

void CheckFigures(const CheckFacts& facts) {
  const SpfFacts& spf = *facts.spf;
  Check(spf.lookups >= 0 && spf.lookups <= SpfTree::kMostCounted);
  Check(spf.voids <= spf.lookups);
  Check((spf.voids == 0) == spf.void_name.empty());
  Check(spf.known || spf.records == 0);
  Check(spf.near_miss.empty() || spf.records == 0);
  const DmarcFacts& dmarc = *facts.dmarc;
  Check(dmarc.known || dmarc.location.empty());
  Check(dmarc.text.empty() == dmarc.location.empty());
  Check(!dmarc.policy || !dmarc.text.empty());
  Check(dmarc.unauthorised.size() <= DmarcRecord::kMaxReportHosts);
}

void Run(Octets& octets) {
  // Kept, so that one domain follows the other.
  static const PublicSuffixes suffixes = *PublicSuffixes::System();
  static const ProviderTable providers =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  CheckTask task(CheckSet().Add(CheckGroup::kSpf).Add(CheckGroup::kDmarc));
  for (int domain = 0; domain < 2; ++domain) {
    DomainFacts facts;
    facts.status = DomainStatus::kOk;
    facts.mx_known = octets.Take() % 2 == 0;
    const Verdict verdict;
    const Name name = *Name::FromText("n1.example.net");
    World world(octets);
    task.Begin({facts, verdict, name, suffixes, providers}, world);
    world.AnswerAll(task);
    constexpr int kOwn = 1;  // The domain's TXT records.
    Check(world.cost() <= kOwn + SpfCollector::kMaxQueries +
                              DmarcWalk::kMaxSteps +
                              static_cast<int>(DmarcRecord::kMaxReportHosts));
    CheckFacts learnt;
    task.Fill(learnt);
    CheckFigures(learnt);
  }
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  mxscan::Octets octets(data, size);
  mxscan::Run(octets);
  return 0;
}
