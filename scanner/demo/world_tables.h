// The shares and the well-known names of the generated world (world.h). The
// shares follow what is published of the domains of large top-level domains;
// the exchanges are those that the providers document.

#pragma once

#include <string_view>

#include "scanner/demo/world.h"

namespace mxscan::world_tables {

template <typename T>
struct Share {
  T what;
  int weight;
};

inline constexpr Share<World::Kind> kKinds[] = {
    {World::Kind::kGoogle, 1300},       {World::Kind::kMicrosoft, 1250},
    {World::Kind::kProvider, 1000},     {World::Kind::kHoster, 1500},
    {World::Kind::kOwnHosts, 1750},     {World::Kind::kOwnName, 400},
    {World::Kind::kNullMx, 300},        {World::Kind::kImplicit, 800},
    {World::Kind::kNoMail, 450},        {World::Kind::kNxDomain, 400},
    {World::Kind::kAliased, 120},       {World::Kind::kAliasedImplicit, 30},
    {World::Kind::kAliasedNowhere, 30}, {World::Kind::kExchangeAlias, 150},
    {World::Kind::kExchangeLoop, 10},   {World::Kind::kExchangeMissing, 120},
    {World::Kind::kExchangeNoData, 80}, {World::Kind::kExchangeFails, 40},
    {World::Kind::kExchangeHalf, 30},   {World::Kind::kOneOfTwo, 100},
    {World::Kind::kAddressLiteral, 20}, {World::Kind::kLocalhost, 20},
    {World::Kind::kIndeterminate, 20},  {World::Kind::kServFail, 60},
    {World::Kind::kRefused, 20},
};

inline constexpr Share<std::string_view> kTopLevels[] = {
    {"com", 450}, {"net", 40}, {"org", 40},   {"de", 90},     {"co.uk", 50},
    {"nl", 40},   {"fr", 30},  {"it", 25},    {"com.br", 30}, {"com.au", 20},
    {"ch", 20},   {"pl", 20},  {"eu", 20},    {"info", 15},   {"ru", 20},
    {"cn", 30},   {"io", 10},  {"co.jp", 10}, {"se", 10},     {"shop", 15},
    {"xyz", 10},  {"biz", 5},
};

inline constexpr std::string_view kWords[] = {
    "alpine",   "bakery", "bluesky", "cargo",   "cedar",   "clinic", "craft",
    "dental",   "design", "digital", "ecotech", "finance", "fresh",  "garden",
    "green",    "harbor", "hotel",   "invest",  "legal",   "media",  "metal",
    "northern", "online", "optic",   "photo",   "pixel",   "river",  "school",
    "silver",   "studio", "travel",  "vision",
};

// `preference host` pairs; the first set is the one of Kind::kGoogle.
inline constexpr std::string_view kProviders[] = {
    "1 aspmx.l.google.com 5 alt1.aspmx.l.google.com "
    "5 alt2.aspmx.l.google.com 10 alt3.aspmx.l.google.com "
    "10 alt4.aspmx.l.google.com",
    "1 smtp.google.com",
    "10 mx.zoho.com 20 mx2.zoho.com 50 mx3.zoho.com",
    "10 mail.protonmail.ch 20 mailsec.protonmail.ch",
    "10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com",
    "1 mx1.mail.ovh.net 5 mx2.mail.ovh.net 100 mx3.mail.ovh.net",
    "10 spool.mail.gandi.net 50 fb.mail.gandi.net",
    "10 mx00.ionos.de 10 mx01.ionos.de",
    "0 smtp.secureserver.net 10 mailstore1.secureserver.net",
    "10 mx1.privateemail.com 10 mx2.privateemail.com",
    "12 route1.mx.cloudflare.net 40 route2.mx.cloudflare.net "
    "78 route3.mx.cloudflare.net",
    "10 mx.yandex.net",
    "5 mta-gw.infomaniak.ch",
    "10 mx01.mail.icloud.com 10 mx02.mail.icloud.com",
    "10 mx1.titan.email 20 mx2.titan.email",
    "10 mx1.emailsrvr.com 20 mx2.emailsrvr.com",
    "5 mxbiz1.qq.com 10 mxbiz2.qq.com",
    "10 emx.mail.ru",
    "5 mx1.hostinger.com 10 mx2.hostinger.com",
    "5 smtpin.rzone.de",
    "10 eu-smtp-inbound-1.mimecast.com 10 eu-smtp-inbound-2.mimecast.com",
};

}  // namespace mxscan::world_tables
