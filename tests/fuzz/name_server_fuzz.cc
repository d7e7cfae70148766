// Whatever comes as a query, the name server survives it, and what it says to
// a query is a message.

#include <cstdint>
#include <cstdlib>

#include "resolver/wire/message_reader.h"
#include "scanner/demo/responder.h"
#include "scanner/demo/world.h"
#include "scanner/demo/zone.h"

namespace mxscan {
namespace {

class Checker : public ReplySink {
 public:
  void Send(absl::Span<const uint8_t> packet, const ReplyManner&) override {
    if (!Message::Read(packet)) std::abort();
  }
  void Close() override {}
};

struct Server {
  Server() {
    const Name owner = *Name::FromText("example.com");
    zone.AddMx(owner, 300, 10, *Name::FromText("mx.example.com"));
    zone.AddAlias(*Name::FromText("*.w.example"), 300, owner);
  }

  Zone zone;
  World world{{.domains = 1000}};
  Recursor recursor{{&zone, &world}, {}};
  Responder responder{recursor, FaultDealer({}, 1, 1), false};
};

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static mxscan::Server server;
  mxscan::Checker checker;
  for (const mxscan::Protocol protocol :
       {mxscan::Protocol::kUdp, mxscan::Protocol::kTcp}) {
    server.responder.Respond({data, size}, {0, {}, protocol}, mxscan::Nanos(0),
                             checker);
  }
  return 0;
}
