// What was learnt of one domain as a page to read, for whoever asks about a
// handful of them on a terminal:
//
//   example.com
//   ────────────────────────────────────────────────────────────────────────
//   Status     takes mail
//   Provider   Mimecast (gateway), known by the names of its exchanges
//   Behind it  Microsoft 365, named in its SPF record
//
//   10  mx1.example.com   203.0.113.5, 2001:db8::5
//   20  mx2.example.com   does not exist
//
//   error      The exchange mx2.example.com does not exist.
//              Give the host an address, or take it out of the MX records.
//              mx_target_nxdomain, RFC 5321 §5.1
//
// Exchanges are in delivery order, findings the most severe first. Pure; any
// thread.

#pragma once

#include <string>

#include "output/record.h"
#include "scanner/classify/provider_table.h"
#include "scanner/pages/page_text.h"

namespace mxscan {

// `record` has the rows of its findings; `providers` says how they are called.
std::string DomainPage(const Record& record, const ProviderTable& providers,
                       const PageStyle& style);

}  // namespace mxscan
