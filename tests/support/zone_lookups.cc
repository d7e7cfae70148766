#include "tests/support/zone_lookups.h"

#include <optional>

#include "gtest/gtest.h"
#include "resolver/answer.h"

namespace mxscan {

ZoneLookups& ZoneLookups::Txt(std::string_view name, std::string_view text) {
  std::vector<uint8_t> rdata;
  do {
    const std::string_view string = text.substr(0, 255);
    text.remove_prefix(string.size());
    rdata.push_back(static_cast<uint8_t>(string.size()));
    rdata.insert(rdata.end(), string.begin(), string.end());
  } while (!text.empty());
  return Raw(name, RrType::kTxt, std::move(rdata));
}

ZoneLookups& ZoneLookups::Raw(std::string_view name, RrType type,
                              std::vector<uint8_t> rdata) {
  nodes_[std::string(name)].records.emplace_back(type, std::move(rdata));
  return *this;
}

ZoneLookups& ZoneLookups::A(std::string_view name, std::string_view ipv4) {
  const std::optional<IpAddress> address = IpAddress::FromText(ipv4);
  EXPECT_TRUE(address) << ipv4;
  nodes_[std::string(name)].addresses.push_back(*address);
  return *this;
}

ZoneLookups& ZoneLookups::Mx(std::string_view name, std::string_view exchange) {
  std::vector<uint8_t> rdata = {0, 10};
  const std::vector<uint8_t> octets = NameOctets(exchange);
  rdata.insert(rdata.end(), octets.begin(), octets.end());
  return Raw(name, RrType::kMx, std::move(rdata));
}

ZoneLookups& ZoneLookups::File(std::string_view url, FetchOutcome outcome,
                               std::string_view body) {
  Node& node = nodes_[std::string(url)];
  node.file = outcome;
  node.body = body;
  return *this;
}

ZoneLookups& ZoneLookups::Fails(std::string_view name, Outcome outcome) {
  nodes_[std::string(name)].failure = outcome;
  return *this;
}

ZoneLookups& ZoneLookups::Signed(std::string_view name) {
  nodes_[std::string(name)].authenticated = true;
  return *this;
}

ZoneLookups& ZoneLookups::Backwards() {
  backwards_ = true;
  return *this;
}

ZoneLookups& ZoneLookups::Shuffled(uint32_t seed) {
  chance_.emplace(seed);
  return *this;
}

void ZoneLookups::Run(CheckTask& task, const CheckSubject& subject) {
  asked_.clear();
  task.Begin(subject, *this);
  while (!waiting_.empty()) {
    EXPECT_FALSE(task.done());
    const Question question = TakeNext();
    if (!question.url.empty()) {
      GiveFile(task, question);
    } else {
      question.is_host ? GiveHost(task, question) : Give(task, question);
    }
  }
  EXPECT_TRUE(task.done());
}

ZoneLookups::Question ZoneLookups::TakeNext() {
  size_t next = backwards_ ? waiting_.size() - 1 : 0;
  if (chance_) next = (*chance_)() % waiting_.size();
  const Question question = waiting_[next];
  waiting_.erase(waiting_.begin() + static_cast<ptrdiff_t>(next));
  return question;
}

void ZoneLookups::Ask(NameView name, RrType type, int part) {
  waiting_.push_back({Name(name), type, part});
  asked_.push_back(ToText(name) + " " + std::to_string(static_cast<int>(type)));
}

void ZoneLookups::AskShared(NameView name, RrType type, int part) {
  Ask(name, type, part);
}

void ZoneLookups::AskUnchecked(NameView name, RrType type, int part) {
  Ask(name, type, part);
  waiting_.back().unchecked = true;
}

void ZoneLookups::AskHost(NameView host, int part) {
  Ask(host, RrType::kA, part);
  waiting_.back().is_host = true;
}

void ZoneLookups::FetchFile(std::string_view host, std::string_view path,
                            absl::Span<const IpAddress> addresses, int part) {
  EXPECT_FALSE(addresses.empty());
  Question& question = waiting_.emplace_back();
  question.part = part;
  question.url_host = host;
  question.url = "https://" + question.url_host + std::string(path);
  asked_.push_back(question.url);
}

void ZoneLookups::GiveFile(CheckTask& task, const Question& question) {
  FetchAnswer answer;
  answer.host = question.url_host;
  answer.outcome = FetchOutcome::kStatus;
  answer.status = 404;
  const auto found = nodes_.find(question.url);
  if (found != nodes_.end()) {
    const Node& node = found->second;
    const bool fails = node.failure != Outcome::kAnswer;
    answer.outcome = fails ? FetchOutcome::kUnreachable : node.file;
    answer.status = fails ? 0 : 200;
    if (!fails) answer.body = node.body;
  }
  task.OnFile(question.part, answer, *this);
}

void ZoneLookups::Give(CheckTask& task, const Question& question) {
  const std::string name = ToText(question.name);
  const auto found = nodes_.find(name);
  AnswerHeader how;
  mxscan::Question asked;
  asked.name = question.name;
  asked.type = question.type;
  AnswerBuilder builder;
  builder.Begin(asked);
  if (found != nodes_.end() && !question.unchecked &&
      found->second.failure != Outcome::kAnswer) {
    how.outcome = found->second.failure;
  } else {
    PacketBuilder packet(name, question.type);
    if (found == nodes_.end()) {
      packet.Rcode(3);
    } else {
      if (found->second.authenticated) packet.Set(PacketBuilder::kAd);
      for (const auto& [type, rdata] : found->second.records) {
        if (type == question.type) packet.Raw(name, type, rdata);
      }
    }
    packet.Section(Section::kAuthority).Soa("example", 60);
    how.outcome = builder.Add(*Message::Read(packet.Build()));
  }
  task.OnAnswer(question.part, builder.Finish(how), *this);
}

void ZoneLookups::GiveHost(CheckTask& task, const Question& question) {
  const auto found = nodes_.find(ToText(question.name));
  HostFamily a;
  HostFamily aaaa;
  a.outcome = aaaa.outcome = Outcome::kNxDomain;
  if (found != nodes_.end()) {
    const Node& node = found->second;
    const bool fails = node.failure != Outcome::kAnswer;
    a.outcome = fails                    ? node.failure
                : node.addresses.empty() ? Outcome::kNoData
                                         : Outcome::kAnswer;
    aaaa.outcome = fails ? node.failure : Outcome::kNoData;
    a.authenticated = aaaa.authenticated = node.authenticated;
    if (!fails) a.addresses = node.addresses;
  }
  const Host host{question.name, question.name, a, aaaa};
  task.OnHost(question.part, host, *this);
}

}  // namespace mxscan
