#include "scanner/pages/domain_page.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "output/schema.h"

namespace mxscan {
namespace {

// Where text begins behind the words in front of it: `Behind it  `.
constexpr size_t kIndent = 11;
constexpr std::string_view kGap = "  ";
constexpr std::string_view kUnattributed = "unattributed";
constexpr std::string_view kOwnName = "own_name";

struct Words {
  std::string_view word;  // Of a column,
  std::string_view said;  // and what it says.
  Tone tone;
};

constexpr Words kStatuses[] = {
    {"ok", "takes mail", Tone::kGood},
    {"null_mx", "says that it takes no mail", Tone::kGood},
    {"implicit_mx", "has no MX records, so mail goes to its own address",
     Tone::kWarning},
    {"no_mail", "exists, and takes no mail", Tone::kPlain},
    {"nxdomain", "does not exist", Tone::kError},
    {"indeterminate",
     "has no MX records; nobody could say whether it has an address",
     Tone::kWarning},
    {"servfail", "unknown: its name servers could not answer", Tone::kWarning},
    {"refused", "unknown: the resolvers refused to answer", Tone::kWarning},
    {"timeout", "unknown: nobody answered", Tone::kWarning},
    {"malformed", "unknown: every reply was broken", Tone::kWarning},
    {"invalid_input", "is no domain", Tone::kError},
};

constexpr Words kStates[] = {
    {"nxdomain", "does not exist", Tone::kError},
    {"nodata", "has no address", Tone::kError},
    {"failed", "nobody could say which addresses it has", Tone::kWarning},
    {"loop", "its aliases lead in a circle", Tone::kError},
    {"not_queried", "was not looked up", Tone::kFaint},
    {"null", "means: no mail", Tone::kFaint},
};

constexpr Words kVias[] = {
    {"mx_suffix", "known by the name of the exchange", Tone::kPlain},
    {"mx_pattern", "known by the name of the exchange", Tone::kPlain},
    {"address", "known by the address of the exchange", Tone::kPlain},
    {"asn", "known by the network of the exchange", Tone::kPlain},
    {"secondary_mx", "named by another exchange", Tone::kPlain},
    {"spf", "named in its SPF record", Tone::kPlain},
};

constexpr Words kSeverities[] = {
    {"error", "error", Tone::kError},
    {"warning", "warning", Tone::kWarning},
    {"info", "info", Tone::kFaint},
};

// Columns that hold what a domain publishes, and how people call them.
constexpr struct {
  std::string_view column;
  std::string_view lead;
} kPublished[] = {{"spf", "SPF"},
                  {"dmarc", "DMARC"},
                  {"mta_sts", "MTA-STS"},
                  {"tls_rpt", "TLS-RPT"},
                  {"dane", "DANE"}};

// What is not among them stands for itself.
template <size_t kSize>
Words Said(const Words (&table)[kSize], std::string_view word) {
  const auto* found = std::ranges::find(table, word, &Words::word);
  if (found != std::end(table)) return *found;
  return {word, word, Tone::kPlain};
}

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

std::string Listed(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(text.empty() ? "" : ", ").append(part);
  }
  return text;
}

// The name that was asked for, and behind it what was given, where that was
// another.
std::string TitleOf(const Record& record) {
  if (!record.domain) return std::string(record.input);
  std::string given(record.input);
  for (char& letter : given) {
    if (letter >= 'A' && letter <= 'Z') {
      letter = static_cast<char>(letter - 'A' + 'a');
    }
  }
  if (given.ends_with('.')) given.pop_back();
  if (given == *record.domain) return given;
  return Joined({*record.domain, " (", record.input, ")"});
}

std::string NetworkOf(const Record& record) {
  if (record.networks == nullptr) return "";
  const AddressNetwork& network = record.networks->primary;
  std::string text;
  if (network.asn) text = "AS" + std::to_string(*network.asn);
  for (const auto& part : {network.name, network.country}) {
    if (part) text.append(text.empty() ? "" : ", ").append(*part);
  }
  return text;
}

class Page {
 public:
  Page(const Record& record, const ProviderTable& providers,
       const PageStyle& style)
      : record_(record), providers_(providers), text_(style) {}

  std::string Written() {
    PutHead();
    if (record_.mx && !record_.mx->empty()) PutExchanges();
    if (record_.findings) PutFindings();
    return text_.Take();
  }

 private:
  void PutFact(std::string_view lead, std::string_view fact,
               Tone tone = Tone::kPlain) {
    text_.Paragraph(lead, Tone::kFaint, kIndent, fact, tone);
  }

  std::string NameOf(std::string_view id) const;
  std::string ProviderLine() const;
  std::string BackendLine() const;
  void PutHead();
  void PutProvider();
  void PutPublished();
  void PutExchanges();
  void PutExchange(const MxRecord& mx, std::string_view lead, size_t indent);
  void PutFindings();
  void PutRemedy(const FindingRecord& finding);

  const Record& record_;
  const ProviderTable& providers_;
  PageText text_;
};

std::string Page::NameOf(std::string_view id) const {
  if (id == kOwnName) return "the domain itself";
  if (id == kUnattributed) return "somebody unknown";
  const Provider* provider = providers_.ById(id);
  return provider == nullptr ? std::string(id) : provider->name;
}

std::string Page::ProviderLine() const {
  std::string text = NameOf(*record_.provider);
  if (record_.provider_category) {
    text += Joined({" (", *record_.provider_category, ")"});
  }
  if (*record_.provider == kUnattributed && record_.mx_domain) {
    text += Joined({" at ", *record_.mx_domain});
  }
  if (*record_.provider != kOwnName && record_.provider_via) {
    text += Joined({", ", Said(kVias, *record_.provider_via).said});
  }
  return text;
}

std::string Page::BackendLine() const {
  if (record_.backend->empty()) {
    return "nobody seen, neither among its exchanges nor in its SPF record";
  }
  std::string text;
  for (const std::string_view id : *record_.backend) {
    text.append(text.empty() ? "" : ", ").append(NameOf(id));
  }
  if (!record_.backend_via) return text;
  return Joined({text, ", ", Said(kVias, *record_.backend_via).said});
}

void Page::PutProvider() {
  PutFact("Provider", ProviderLine());
  const std::string network = NetworkOf(record_);
  if (!network.empty()) PutFact("Network", network);
  if (record_.backend) PutFact("Behind it", BackendLine());
}

void Page::PutHead() {
  text_.Paragraph(TitleOf(record_), Tone::kStrong, 0, "");
  text_.Rule();
  Words status = Said(kStatuses, record_.status);
  if (record_.severity == "error") status.tone = Tone::kPlain;
  std::string said(status.said);
  if (record_.detail) said += Joined({" (", *record_.detail, ")"});
  PutFact("Status", said, status.tone);
  if (record_.alias) PutFact("Alias of", *record_.alias);
  if (record_.addresses && !record_.addresses->empty()) {
    PutFact("Addresses", Listed(*record_.addresses));
  }
  if (record_.provider) PutProvider();
  PutPublished();
}

// Null where nobody asked, or nobody could say.
void Page::PutPublished() {
  RunShape shape;
  shape.checks = CheckSet::All();
  const std::vector<Column> columns = ColumnsOf(shape);
  for (const auto& [name, lead] : kPublished) {
    const auto column = std::ranges::find(columns, name, &Column::name);
    if (column == columns.end()) continue;
    const Cell cell = column->cell(RowView{&record_});
    if (cell.is_null()) continue;
    PutFact(lead, cell.text().empty() ? "none" : cell.text());
  }
}

// Addresses stand below one another, behind all names but very long ones.
void Page::PutExchanges() {
  const size_t most = static_cast<size_t>(text_.style().columns) / 2;
  size_t digits = 0;
  size_t indent = kIndent;
  for (const MxRecord& mx : *record_.mx) {
    digits = std::max(digits, std::to_string(mx.preference).size());
  }
  for (const MxRecord& mx : *record_.mx) {
    const size_t width =
        digits + WidthOf(Cleaned(mx.exchange)) + 2 * kGap.size();
    if (width <= most) indent = std::max(indent, width);
  }
  text_.Blank();
  for (const MxRecord& mx : *record_.mx) {
    const std::string preference = std::to_string(mx.preference);
    const std::string lead =
        Joined({std::string(digits - preference.size(), ' '), preference, kGap,
                mx.exchange});
    PutExchange(mx, lead, indent);
  }
}

// What it resolves to stands behind its name, anything else below that.
void Page::PutExchange(const MxRecord& mx, std::string_view lead,
                       size_t indent) {
  if (!mx.addresses.empty()) {
    text_.Paragraph(lead, Tone::kPlain, indent, Listed(mx.addresses));
  } else {
    const Words state = Said(kStates, mx.state);
    text_.Paragraph(lead, Tone::kPlain, indent, state.said, state.tone);
  }
  const auto put_below = [this, indent](std::string_view text, Tone tone) {
    text_.Paragraph("", Tone::kPlain, indent, text, tone);
  };
  if (mx.alias) put_below(Joined({"is an alias of ", *mx.alias}), Tone::kFaint);
  if (!mx.addresses.empty() && !mx.unknown.empty()) {
    const bool ipv4 = mx.unknown.front() == "a";
    put_below(ipv4 ? "may have IPv4 addresses: nobody could say"
                   : "may have IPv6 addresses: nobody could say",
              Tone::kWarning);
  }
  const bool several = record_.providers && record_.providers->size() > 1;
  if (several && mx.provider) put_below(NameOf(*mx.provider), Tone::kFaint);
}

void Page::PutRemedy(const FindingRecord& finding) {
  PutFact("", finding.remedy);
  PutFact("", Joined({finding.id, ", ", finding.reference}), Tone::kFaint);
}

// What is said of several hosts has one remedy.
void Page::PutFindings() {
  if (record_.finding_rows.empty()) {
    if (!record_.mx || record_.mx->empty()) return;  // There is nothing.
    text_.Blank();
    return PutFact("Findings", "none", Tone::kGood);
  }
  const FindingRecord* before = nullptr;
  for (const FindingRecord& finding : record_.finding_rows) {
    const bool same = before != nullptr && before->id == finding.id &&
                      before->severity == finding.severity;
    if (!same) {
      if (before != nullptr) PutRemedy(*before);
      text_.Blank();
    }
    const Words severity = Said(kSeverities, finding.severity);
    text_.Paragraph(same ? "" : severity.said, severity.tone, kIndent,
                    finding.message);
    before = &finding;
  }
  PutRemedy(*before);
}

}  // namespace

std::string DomainPage(const Record& record, const ProviderTable& providers,
                       const PageStyle& style) {
  return Page(record, providers, style).Written();
}

}  // namespace mxscan
