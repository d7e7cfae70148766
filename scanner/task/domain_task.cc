#include "scanner/task/domain_task.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "scanner/task/exchange_shape.h"

namespace mxscan {
namespace {

// The state of a host without an address. NXDOMAIN speaks of the name, so one
// family's is enough; an absence needs both families to be settled.
HostState StateWithoutAddress(const Host& host) {
  const Outcome a = host.a.outcome;
  const Outcome aaaa = host.aaaa.outcome;
  if (a == Outcome::kLoop || aaaa == Outcome::kLoop) return HostState::kLoop;
  if (a == Outcome::kNxDomain || aaaa == Outcome::kNxDomain) {
    return HostState::kNxDomain;
  }
  if (IsDefinitive(a) && IsDefinitive(aaaa)) return HostState::kNoData;
  return HostState::kFailed;
}

// A family without addresses has none to be forged.
bool HasSecureAddresses(const Host& host) {
  const bool a = !host.a.addresses.empty();
  const bool aaaa = !host.aaaa.addresses.empty();
  if (a && !host.a.authenticated) return false;
  if (aaaa && !host.aaaa.authenticated) return false;
  return a || aaaa;
}

DomainStatus StatusOfFailure(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNxDomain: return DomainStatus::kNxDomain;
    case Outcome::kLoop:
    case Outcome::kServFail: return DomainStatus::kServFail;
    case Outcome::kRefused: return DomainStatus::kRefused;
    case Outcome::kMalformed:
    case Outcome::kFormErr: return DomainStatus::kMalformed;
    default: return DomainStatus::kTimeout;
  }
}

// What a reader should know beside the status of a lookup that failed.
std::string DetailOfFailure(const AnswerHeader& how) {
  if (how.outcome == Outcome::kLoop) return "alias_loop";
  if (IsDefinitive(how.outcome)) return "";
  if (how.extended_error_count > 0) {
    return absl::StrCat("ede_", how.extended_errors[0]);
  }
  const bool other_code = how.outcome == Outcome::kMalformed && how.rcode != 0;
  return other_code ? absl::StrCat("rcode_", how.rcode) : "";
}

void AssignText(NameView name, std::string& out) {
  out.clear();
  AppendText(name, out);
}

}  // namespace

void DomainTask::Start(const InputLine& line, const TaskOptions& options,
                       TaskLookups& lookups) {
  options_ = options;
  input_.assign(line.input);
  line_ = line;
  answered_ = false;
  own_asked_ = false;
  txt_asked_ = false;
  txt_.clear();
  host_count_ = 0;
  mx_.clear();
  alias_.clear();
  alias_is_dname_ = false;
  failure_.clear();
  if (!line_.valid()) return;
  pending_ = 1;
  lookups.AskMx(line_.domain);
}

void DomainTask::OnMx(const Answer& answer, const PublicSuffixes& suffixes,
                      TaskLookups& lookups) {
  --pending_;
  answered_ = true;
  how_ = answer.header();
  // A chain that goes in circles has no end to name.
  if (answer.step_count() > 0 && how_.outcome != Outcome::kLoop) {
    AssignText(answer.end(), alias_);
    alias_is_dname_ = answer.step(0).kind == Answer::StepKind::kDname;
  }
  switch (how_.outcome) {
    case Outcome::kAnswer:
      mx_.Read(answer);
      AskForHosts(answer, suffixes, lookups);
      break;
    case Outcome::kNoData:
      if (options_.implicit) AskForOwnAddresses(answer, lookups);
      break;
    default: failure_ = DetailOfFailure(how_); break;
  }
}

void DomainTask::AskForHosts(const Answer& answer,
                             const PublicSuffixes& suffixes,
                             TaskLookups& lookups) {
  host_count_ = mx_.host_count();
  if (static_cast<int>(hosts_.size()) < host_count_) hosts_.resize(host_count_);
  for (int i = 0; i < host_count_; ++i) {
    const NameView host = mx_.HostName(answer, i);
    const ExchangeShape shape = ShapeOf(host, answer.end(), suffixes);
    HostSlot& slot = hosts_[i];
    slot.shape = shape;
    slot.state = shape == ExchangeShape::kNull ? HostState::kNull
                                               : HostState::kNotQueried;
    slot.a_unknown = slot.aaaa_unknown = false;
    slot.servfail = slot.secure_addresses = false;
    slot.alias.clear();
    slot.addresses.clear();
    slot.registration = Registration::kNotAsked;
    slot.registrable.clear();
    if (shape != ExchangeShape::kHost || !options_.addresses) continue;
    ++pending_;
    lookups.AskHost(host, i);
  }
}

void DomainTask::AskForOwnAddresses(const Answer& answer,
                                    TaskLookups& lookups) {
  own_asked_ = true;
  ++pending_;
  lookups.AskHost(answer.end(), kOwn);
}

void DomainTask::OnHost(int index, const Host& host,
                        const PublicSuffixes& suffixes, TaskLookups& lookups) {
  --pending_;
  HostSlot& slot = index == kOwn ? own_ : hosts_[index];
  slot.a_unknown = !IsDefinitive(host.a.outcome);
  slot.aaaa_unknown = !IsDefinitive(host.aaaa.outcome);
  slot.servfail = host.a.outcome == Outcome::kServFail ||
                  host.aaaa.outcome == Outcome::kServFail;
  slot.secure_addresses = HasSecureAddresses(host);
  slot.alias.clear();
  const bool loop =
      host.a.outcome == Outcome::kLoop || host.aaaa.outcome == Outcome::kLoop;
  if (!loop && !(host.end == host.name)) AssignText(host.end, slot.alias);
  slot.addresses.assign(host.a.addresses.begin(), host.a.addresses.end());
  slot.addresses.insert(slot.addresses.end(), host.aaaa.addresses.begin(),
                        host.aaaa.addresses.end());
  slot.state =
      slot.addresses.empty() ? StateWithoutAddress(host) : HostState::kOk;
  if (index != kOwn && slot.state == HostState::kNxDomain) {
    AskForRegistration(index, host.end, suffixes, lookups);
  }
}

// Whoever registers the domain of an exchange that is not there gets its mail.
// The scanned domain's own has been registered: there are MX records in it.
void DomainTask::AskForRegistration(int index, NameView end,
                                    const PublicSuffixes& suffixes,
                                    TaskLookups& lookups) {
  const std::string text = ToText(end);
  const std::string_view registrable = suffixes.IcannDomain(text);
  if (registrable.empty()) return;
  const std::optional<Name> domain = Name::FromText(registrable);
  if (!domain || NameView(line_.domain).IsAtOrBelow(*domain)) return;
  HostSlot& slot = hosts_[index];
  slot.registration = Registration::kUnknown;
  slot.registrable = registrable;
  ++pending_;
  lookups.AskSoa(*domain, index);
}

void DomainTask::OnSoa(int index, const Answer& answer) {
  --pending_;
  if (!IsDefinitive(answer.outcome())) return;
  hosts_[index].registration = answer.outcome() == Outcome::kNxDomain
                                   ? Registration::kNone
                                   : Registration::kExists;
}

void DomainTask::AskTxt(TaskLookups& lookups) {
  txt_asked_ = true;
  ++pending_;
  lookups.AskTxt(line_.domain);
}

void DomainTask::OnTxt(const Answer& answer) {
  --pending_;
  txt_.Read(answer);
}

// Whoever has all it asked for makes a row, of everything.
void DomainTask::FetchRest() const {
  constexpr size_t kHosts = 2;  // More than most have.
  FetchMemory(hosts_.data(),
              std::min(hosts_.size(), kHosts) * sizeof(HostSlot));
  mx_.Fetch();
  if (pending_ > 1) return;
  constexpr size_t kMostNames = 32;  // The rest of a Name lies unused.
  constexpr size_t kEnd =
      offsetof(DomainTask, line_) + offsetof(InputLine, domain) + kMostNames;
  const auto* const begin = reinterpret_cast<const uint8_t*>(this);
  FetchMemory(begin + kHotOctets, kEnd - kHotOctets);
}

DomainStatus DomainTask::Status() const {
  if (!line_.valid()) return DomainStatus::kInvalidInput;
  if (how_.outcome == Outcome::kAnswer) {
    return mx_.IsNull() ? DomainStatus::kNullMx : DomainStatus::kOk;
  }
  if (how_.outcome != Outcome::kNoData) return StatusOfFailure(how_.outcome);
  if (!own_asked_) return DomainStatus::kIndeterminate;
  if (!own_.addresses.empty()) return DomainStatus::kImplicitMx;
  const bool absent =
      own_.state == HostState::kNoData || own_.state == HostState::kNxDomain;
  return absent ? DomainStatus::kNoMail : DomainStatus::kIndeterminate;
}

std::string_view DomainTask::Detail() const {
  if (!line_.valid()) return line_.invalid;
  if (how_.outcome != Outcome::kNoData) return failure_;
  if (!own_asked_) return "addresses_not_asked";
  if (own_.a_unknown && own_.aaaa_unknown) return "addresses_unknown";
  if (own_.a_unknown) return "a_unknown";
  return own_.aaaa_unknown ? "aaaa_unknown" : "";
}

void DomainTask::Fill(DomainFacts& facts) const {
  facts.line = line_;
  facts.line.input = input_;
  facts.domain.clear();
  if (line_.valid()) AppendText(line_.domain, facts.domain);
  facts.status = Status();
  facts.detail = Detail();
  facts.alias = alias_;
  facts.alias_is_dname = alias_is_dname_;
  facts.mx_known =
      answered_ && IsDefinitive(how_.outcome) && how_.outcome != Outcome::kLoop;
  facts.own_addresses.reset();
  if (own_asked_) facts.own_addresses = own_.addresses;
  facts.txt.reset();
  if (txt_.known()) facts.txt = txt_.records();
  facts.how.reset();
  if (answered_) facts.how = how_;
  FillExchanges(facts);
}

void DomainTask::FillExchanges(DomainFacts& facts) const {
  facts.exchanges.clear();
  for (const MxSet::Entry& entry : mx_.entries()) {
    const HostSlot& slot = hosts_[entry.host];
    ExchangeFacts& exchange = facts.exchanges.emplace_back();
    exchange.preference = entry.preference;
    exchange.exchange = mx_.host(entry.host);
    exchange.host = entry.host;
    exchange.shape = slot.shape;
    exchange.ttl = entry.ttl;
    exchange.state = slot.state;
    exchange.alias = slot.alias;
    exchange.addresses = slot.addresses;
    exchange.a_unknown = slot.a_unknown;
    exchange.aaaa_unknown = slot.aaaa_unknown;
    exchange.servfail = slot.servfail;
    exchange.secure_addresses = slot.secure_addresses;
    exchange.registration = slot.registration;
    exchange.registrable = slot.registrable;
  }
}

}  // namespace mxscan
