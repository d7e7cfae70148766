// Records of mail policies: TXT from anybody. The first octet says which kind
// is read; what holds of every record is checked.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scanner/policy/dkim_key.h"
#include "scanner/policy/dmarc_record.h"
#include "scanner/policy/mta_sts.h"
#include "scanner/policy/spf_record.h"
#include "scanner/policy/tls_rpt.h"
#include "scanner/policy/tlsa.h"

namespace mxscan {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void ReadSpf(std::string_view text) {
  if (!SpfRecord::Is(text)) {
    SpfRecord::IsNearly(text);
    return;
  }
  const SpfRecord record = SpfRecord::Read(text);
  Check(record.valid() == record.bad_term().empty());
  Check(record.terms().size() <= SpfRecord::kMaxTerms);
  for (const SpfTerm& term : record.terms()) {
    const bool needs_domain = term.mechanism == SpfMechanism::kInclude ||
                              term.mechanism == SpfMechanism::kExists;
    Check(!needs_domain || !term.domain.empty());
    const bool is_last = &term == &record.terms().back();
    Check(term.mechanism != SpfMechanism::kAll || is_last);
  }
}

void ReadDmarc(std::string_view text) {
  if (!DmarcRecord::Is(text)) return;
  const DmarcRecord record = DmarcRecord::Read(text);
  for (const std::string& host : record.report_hosts) Check(!host.empty());
}

void ReadMtaSts(std::string_view text) {
  if (IsMtaStsRecord(text)) {
    const auto id = MtaStsIdOf(text);
    Check(!id || (!id->empty() && id->size() <= 32));
  }
  if (const auto policy = MtaStsPolicy::Read(text)) {
    Check(policy->patterns().size() <= MtaStsPolicy::kMaxPolicy / 3);
    policy->Fits("mx1.example.com");
    policy->Fits(text.substr(0, 60));
  }
}

void ReadOne(uint8_t kind, std::string_view text) {
  switch (kind % 6) {
    case 0: return ReadSpf(text);
    case 1: return ReadDmarc(text);
    case 2: return ReadMtaSts(text);
    case 3:
      if (IsTlsRptRecord(text)) IsValidTlsRpt(text);
      return;
    case 4:
      if (const auto key = DkimKey::Read(text)) {
        Check(!key->rsa_bits || *key->rsa_bits > 0);
      }
      return;
    case 5:
      Check(!IsUsableTlsa(
                {reinterpret_cast<const uint8_t*>(text.data()), text.size()}) ||
            text.size() > 3);
      return;
  }
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  mxscan::ReadOne(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
