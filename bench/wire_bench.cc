// What the octets of the hot path cost: reading a message, building an answer
// of it, writing a query, and writing a name as text.

#include <benchmark/benchmark.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "bench/support/allocations_per_item.h"
#include "resolver/answer.h"
#include "resolver/wire/message_reader.h"
#include "resolver/wire/query_writer.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

// 5 MX and OPT: what a recursive server mostly sends.
PacketBuilder::Bytes BareAnswer() {
  PacketBuilder packet("example-domain.com", RrType::kMx);
  for (int i = 0; i < 5; ++i) {
    packet.Mx("example-domain.com", static_cast<uint16_t>(10 * i),
              absl::StrCat("mx", i, ".mail.provider.example"));
  }
  return packet.Opt().Build();
}

// 5 MX, the addresses of each exchange, of both families, and OPT.
PacketBuilder::Bytes FullAnswer() {
  PacketBuilder packet("example-domain.com", RrType::kMx);
  const auto exchange = [](int i) {
    return absl::StrCat("mx", i, ".mail.provider.example");
  };
  for (int i = 0; i < 5; ++i) {
    packet.Mx("example-domain.com", static_cast<uint16_t>(10 * i), exchange(i));
  }
  packet.Section(Section::kAdditional);
  for (int i = 0; i < 5; ++i) {
    packet.A(exchange(i), "192.0.2.1").Aaaa(exchange(i), "2001:db8::1");
  }
  return packet.Opt().Build();
}

// One item is one message, checked in full.
void BM_ReadMessage(benchmark::State& state,
                    const PacketBuilder::Bytes& packet) {
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Message::Read(packet));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_ReadMessage, bare, BareAnswer());
BENCHMARK_CAPTURE(BM_ReadMessage, full, FullAnswer());

// One item is one message, checked, and made an answer with all its records.
void BM_BuildAnswer(benchmark::State& state,
                    const PacketBuilder::Bytes& packet) {
  const Question question = {.name = *Name::FromText("example-domain.com")};
  AnswerBuilder builder;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    const std::optional<Message> message = Message::Read(packet);
    builder.Begin(question);
    builder.Add(*message);
    benchmark::DoNotOptimize(builder.Finish(AnswerHeader{}).block().data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_BuildAnswer, bare, BareAnswer());
BENCHMARK_CAPTURE(BM_BuildAnswer, full, FullAnswer());

// One item is one query with EDNS, in mixed case.
void BM_WriteQuery(benchmark::State& state) {
  const Question question = {.name = *Name::FromText("example-domain.com")};
  QueryOptions options;
  uint8_t packet[kMaxQueryOctets];
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    options.case_mask += 0x9e3779b97f4a7c15;
    benchmark::DoNotOptimize(WriteQuery(question, options, packet));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_WriteQuery);

// One item is one name of 25 octets.
void BM_WriteText(benchmark::State& state) {
  const Name name = *Name::FromText("mx1.mail.provider.example");
  char text[kMaxNameText];
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(WriteText(name, text));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_WriteText);

}  // namespace
}  // namespace mxscan
