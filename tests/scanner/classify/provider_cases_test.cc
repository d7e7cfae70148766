// Exchanges as they stand in real zones, and who runs them, by hand: what the
// table of data/ must say, and where it must say nothing.

#include <gtest/gtest.h>

#include <string_view>

#include "scanner/classify/provider_table.h"
#include "scanner/embedded_tables.h"

namespace mxscan {
namespace {

struct Case {
  std::string_view host;
  std::string_view id;
  std::string_view category;
};

constexpr Case kKnown[] = {
    {"aspmx.l.google.com", "google_workspace", "mailbox"},
    {"alt1.aspmx.l.google.com", "google_workspace", "mailbox"},
    {"alt4.aspmx.l.google.com", "google_workspace", "mailbox"},
    {"smtp.google.com", "google_workspace", "mailbox"},
    {"aspmx2.googlemail.com", "google_workspace", "mailbox"},
    {"gmail-smtp-in.l.google.com", "gmail", "mailbox"},
    {"alt3.gmail-smtp-in.l.google.com", "gmail", "mailbox"},
    {"example-com.mail.protection.outlook.com", "microsoft365", "mailbox"},
    {"example-com.h-v1.mx.microsoft", "microsoft365", "mailbox"},
    {"example-com.mail.eo.outlook.com", "microsoft365", "mailbox"},
    {"example.mail.protection.office365.us", "microsoft365_gcc", "mailbox"},
    {"x.mail.protection.partner.outlook.cn", "microsoft365_cn", "mailbox"},
    {"outlook-com.olc.protection.outlook.com", "microsoft_outlook", "mailbox"},
    {"ms34567890.msv1.invalid", "microsoft365_placeholder", "parking"},
    {"mx.zoho.com", "zoho", "mailbox"},
    {"mx3.zoho.eu", "zoho", "mailbox"},
    {"mx2.zoho.in", "zoho", "mailbox"},
    {"mail.protonmail.ch", "proton", "mailbox"},
    {"mailsec.protonmail.ch", "proton", "mailbox"},
    {"in1-smtp.messagingengine.com", "fastmail", "mailbox"},
    {"in2-smtp.messagingengine.com", "fastmail", "mailbox"},
    {"mta5.am0.yahoodns.net", "yahoo", "mailbox"},
    {"mx-biz.mail.am0.yahoodns.net", "yahoo_smallbusiness", "hosting"},
    {"mx01.mail.icloud.com", "icloud", "mailbox"},
    {"mx.yandex.net", "yandex", "mailbox"},
    {"emx.mail.ru", "mailru", "mailbox"},
    {"mxbiz1.qq.com", "tencent_exmail", "mailbox"},
    {"mx3.qq.com", "qqmail", "mailbox"},
    {"qiye163mx01.mxmail.netease.com", "netease_qiye", "mailbox"},
    {"163mx01.mxmail.netease.com", "netease", "mailbox"},
    {"mx1.qiye.aliyun.com", "alibaba_mail", "mailbox"},
    {"mx00.emailsrvr.com", "rackspace", "mailbox"},
    {"mx1.titan.email", "titan", "mailbox"},
    {"mxext1.mailbox.org", "mailbox_org", "mailbox"},
    {"mail.tutanota.de", "tutanota", "mailbox"},
    {"aspmx1.migadu.com", "migadu", "mailbox"},
    {"d.s9a1.psmtp.com", "google_postini", "gateway"},
    {"us-smtp-inbound-1.mimecast.com", "mimecast", "gateway"},
    {"za-smtp-inbound-2.mimecast.co.za", "mimecast", "gateway"},
    {"mx0a-00112233.pphosted.com", "proofpoint", "gateway"},
    {"mxa-00112233.gslb.pphosted.com", "proofpoint", "gateway"},
    {"mx1-us1.ppe-hosted.com", "proofpoint_essentials", "gateway"},
    {"d12345a.ess.barracudanetworks.com", "barracuda", "gateway"},
    {"d12345.a.ess.uk.barracudanetworks.com", "barracuda", "gateway"},
    {"mx1.hc1234-56.iphmx.com", "cisco_ces", "gateway"},
    {"cluster5.eu.messagelabs.com", "symantec_messagelabs", "gateway"},
    {"example.in.tmes.trendmicro.eu", "trendmicro", "gateway"},
    {"mx-01-eu-west-1.prod.hydra.sophos.com", "sophos", "gateway"},
    {"mx01.hornetsecurity.com", "hornetsecurity", "gateway"},
    {"example.de.seppmail.cloud", "seppmail", "gateway"},
    {"mx1.mailchannels.net", "mailchannels", "gateway"},
    {"mx.spamexperts.com", "spamexperts", "gateway"},
    {"route1.mx.cloudflare.net", "cloudflare_routing", "forwarding"},
    {"mx1.improvmx.com", "improvmx", "forwarding"},
    {"mx2.forwardemail.net", "forwardemail", "forwarding"},
    {"eforward3.registrar-servers.com", "namecheap_forwarding", "forwarding"},
    {"fwd1.porkbun.com", "porkbun", "forwarding"},
    {"smtp-fwd.wordpress.com", "wordpress_com", "forwarding"},
    {"inbound-smtp.eu-west-1.amazonaws.com", "aws_ses", "transactional"},
    {"feedback-smtp.us-east-1.amazonses.com", "aws_ses", "transactional"},
    {"mxa.mailgun.org", "mailgun", "transactional"},
    {"mx.sendgrid.net", "sendgrid", "transactional"},
    {"inbound.postmarkapp.com", "postmark", "transactional"},
    {"mx00.ionos.de", "ionos", "hosting"},
    {"mx01.kundenserver.de", "ionos", "hosting"},
    {"smtpin.rzone.de", "strato", "hosting"},
    {"smtp.secureserver.net", "godaddy", "hosting"},
    {"mailstore1.europe.secureserver.net", "godaddy", "hosting"},
    {"mx1.hostinger.com", "hostinger", "hosting"},
    {"mx1.mail.ovh.net", "ovh", "hosting"},
    {"redirect.ovh.net", "ovh", "hosting"},
    {"spool.mail.gandi.net", "gandi", "hosting"},
    {"mx10.mailspamprotection.com", "siteground", "hosting"},
    {"mx1-hosting.jellyfish.systems", "namecheap_hosting", "hosting"},
    {"mx1.privateemail.com", "namecheap_privateemail", "hosting"},
    {"mxlb.ispgateway.de", "domainfactory", "hosting"},
    {"server123.agenturserver.de", "mittwald", "hosting"},
    {"www123.your-server.de", "hetzner", "hosting"},
    {"mx1.pub.mailpod1-cph3.one.com", "one_com", "hosting"},
    {"mx1.dreamhost.com", "dreamhost", "hosting"},
    {"smtp-in.orange.fr", "orange_fr", "isp"},
    {"mx1.comcast.net", "comcast", "isp"},
    {"park-mx.above.com", "above_parking", "parking"},
    // Rented servers inside a provider's zone are nobody's mail service.
    {"static.1.2.3.4.clients.your-server.de", "hetzner_server", "selfhosted"},
    {"4.3.2.1.bc.googleusercontent.com", "gce", "selfhosted"},
    {"vps-12ab34cd.vps.ovh.net", "ovh_vps", "selfhosted"},
    {"ip-1-2-3-4.ip.secureserver.net", "godaddy_vps", "selfhosted"},
    {"h1234567.stratoserver.net", "strato_vps", "selfhosted"},
    {"tk2-123-45678.vs.sakura.ne.jp", "sakura_vps", "selfhosted"},
    {"host1.serverdedicati.aruba.it", "aruba_server", "selfhosted"},
    {"athedsl-12345.home.otenet.gr", "otenet_line", "selfhosted"},
    {"ec2-1-2-3-4.eu-west-1.compute.amazonaws.com", "aws_ec2", "selfhosted"},
    {"ec2-1-2-3-4.compute-1.amazonaws.com", "aws_ec2", "selfhosted"},
    {"s132-148-130-121.secureserver.net", "godaddy_vps", "selfhosted"},
    {"ip-132-148-130-121.secureserver.net", "godaddy_vps", "selfhosted"},
    {"lvps1-2-3-4.dedicated.hosteurope.de", "host_europe_server", "selfhosted"},
    {"vs1234.hosteurope.de", "host_europe_server", "selfhosted"},
    {"162-215-1-2.webhostbox.net", "webhostbox_server", "selfhosted"},
    {"ns123456.ovh.net", "ovh_vps", "selfhosted"},
    {"vps123456.ovh.net", "ovh_vps", "selfhosted"},
    {"ks123456.kimsufi.com", "ovh_vps", "selfhosted"},
};

constexpr std::string_view kNobodys[] = {
    // A known name in front of somebody else's.
    "notgoogle.com.evil.org",
    "aspmx.l.google.com.attacker.net",
    "smtp.google.com.example.com",
    "example-com.mail.protection.outlook.com.contoso.com",
    "mail.protection.outlook.com.co",
    "mx1.mail.ovh.net.br",
    "mx.zoho.com.evil.example",
    "us-smtp-inbound-1.mimecast.com.phish.example",
    // A known name behind the wrong boundary.
    "notsmtp.google.com",
    "xaspmx.l.google.com",
    "fakeoutlook.com",
    "mail-protection.outlook.com",
    "x.xmail.protection.outlook.com",
    "notmx.microsoft",
    "amazonses.com.example",
    "evilpphosted.com",
    "my-mimecast.com",
    "notmessagingengine.com",
    "fakeprotonmail.ch",
    "xn--mimecast-x1a.com",
    "iphmx.com.au",
    "xzoho.com",
    "mailgun.org.uk",
    "ppe-hosted.com.mx",
    "kundenserver.de.com",
    // A slip of the finger.
    "aspmx.l.gogle.com",
    "aspmx.l.googel.com",
    "mail.protection.outlok.com",
    "mx.zohomail.co",
    "emailsrvr.net",
    "aspmx.1.google.com",
    // Other things in a provider's zone.
    "google.com",
    "www.google.com",
    "ghs.google.com",
    "outlook.com",
    "autodiscover.outlook.com",
    "bucket.s3.amazonaws.com",
    "somebody.wordpress.com",
    "googleusercontent.com",
    // A zone where everybody has names.
    "mail.somebody.dyndns.org",
    "w0123456.somebody.co.uk",
    // Nobody's at all.
    "localhost",
    "mail",
    "127.0.0.1",
    "mx.example.com",
};

class ProviderCases : public testing::Test {
 protected:
  const ProviderTable table_ =
      *ProviderTable::Parse("data/providers.tsv", ProviderTableText());
};

TEST_F(ProviderCases, NamesWhoRunsKnownExchanges) {
  for (const Case& known : kKnown) {
    const Provider* provider = table_.Find(known.host).provider;
    ASSERT_NE(provider, nullptr) << known.host;
    EXPECT_EQ(provider->id, known.id) << known.host;
    EXPECT_EQ(provider->category, known.category) << known.host;
  }
}

TEST_F(ProviderCases, NamesNobodyForLookAlikesAndForStrangers) {
  for (const std::string_view host : kNobodys) {
    const Provider* provider = table_.Find(host).provider;
    EXPECT_EQ(provider, nullptr) << host << " is no " << provider->id;
  }
}

}  // namespace
}  // namespace mxscan
