#include "resolver/cache/host_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace mxscan {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kNow = seconds(1);

// A host that owns what a Host views.
struct OwnedHost {
  Name name;
  Name end;
  HostFamily a, aaaa;
  std::vector<IpAddress> v4, v6;

  Host view() const {
    Host host{name, end, a, aaaa};
    host.a.addresses = v4;
    host.aaaa.addresses = v6;
    return host;
  }
};

IpAddress Address(IpAddress::Family family, uint32_t number) {
  IpAddress address;
  address.family = family;
  for (int i = 0; i < 4; ++i) address.octets[i] = number >> (24 - 8 * i) & 255;
  return address;
}

Name NumberedName(uint32_t i) {
  return *Name::FromText(
      std::string("mx").append(std::to_string(i)).append(".example"));
}

// The host number `i`: everything about it follows from the number, and from
// the edition, of which there may be several in time.
OwnedHost MakeHost(uint32_t i, uint32_t edition = 0) {
  OwnedHost host;
  host.name = NumberedName(i);
  host.end = host.name;
  std::mt19937 random(i * 31 + edition);
  if (random() % 4 == 0) host.end = *Name::FromText("end.example.net");
  host.a = {Outcome::kAnswer, random() % 2 == 0, {}};
  host.aaaa = {random() % 2 == 0 ? Outcome::kNoData : Outcome::kNxDomain,
               random() % 2 == 0,
               {}};
  for (uint32_t n = random() % 4; n > 0; --n) {
    host.v4.push_back(Address(IpAddress::Family::kV4, random()));
  }
  for (uint32_t n = random() % 3; n > 0; --n) {
    host.v6.push_back(Address(IpAddress::Family::kV6, random()));
  }
  return host;
}

void ExpectFamily(const HostFamily& found, const HostFamily& expected) {
  EXPECT_EQ(found.outcome, expected.outcome);
  EXPECT_EQ(found.authenticated, expected.authenticated);
  EXPECT_TRUE(std::equal(found.addresses.begin(), found.addresses.end(),
                         expected.addresses.begin(), expected.addresses.end()));
}

void ExpectSame(const Host& found, const Host& expected) {
  EXPECT_EQ(ToText(found.name), ToText(expected.name));
  EXPECT_EQ(ToText(found.end), ToText(expected.end));
  ExpectFamily(found.a, expected.a);
  ExpectFamily(found.aaaa, expected.aaaa);
}

bool Knows(HostCache& cache, uint32_t i, nanoseconds now = kNow) {
  Host found;
  return cache.Find(MakeHost(i).name, now, found);
}

void Learn(HostCache& cache, uint32_t i) {
  cache.Insert(MakeHost(i).view(), kNow);
}

TEST(HostCache, GivesBackWhatWasLearnt) {
  HostCache cache(1 << 20, /*seed=*/1);
  for (uint32_t i = 0; i < 100; ++i) Learn(cache, i);
  for (uint32_t i = 0; i < 100; ++i) {
    Host found;
    ASSERT_TRUE(cache.Find(MakeHost(i).name, kNow, found));
    ExpectSame(found, MakeHost(i).view());
  }
  EXPECT_FALSE(Knows(cache, 100));
}

TEST(HostCache, ForgetsNothingWhileThereIsSpace) {
  HostCache cache(1 << 20, /*seed=*/1);
  for (uint32_t i = 0; i < 8000; ++i) Learn(cache, i);
  for (uint32_t i = 0; i < 8000; ++i) ASSERT_TRUE(Knows(cache, i)) << i;
}

// The oracle is a map that never forgets: whatever the cache still knows, it
// must know as the map does. Editions replace one another.
TEST(HostCache, NeverTellsAnythingButTheLatestThatWasLearnt) {
  for (int64_t bytes : {int64_t{0}, int64_t{300000}, int64_t{4} << 20}) {
    HostCache cache(bytes, /*seed=*/bytes);
    std::unordered_map<uint32_t, uint32_t> editions;
    std::mt19937 random(7);
    int hits = 0;
    for (uint32_t step = 0; step < 30000; ++step) {
      const uint32_t i = random() % (1 + random() % 8000);
      if (random() % 3 == 0) {
        editions[i] = step;
        cache.Insert(MakeHost(i, step).view(), kNow);
        continue;
      }
      Host found;
      if (!cache.Find(MakeHost(i).name, kNow, found)) continue;
      ++hits;
      ASSERT_TRUE(editions.contains(i));
      ExpectSame(found, MakeHost(i, editions[i]).view());
    }
    EXPECT_GT(hits, 1000);
    EXPECT_LE(static_cast<int64_t>(cache.bytes()),
              std::max(bytes, HostCache::kSmallest));
  }
}

TEST(HostCache, KeepsTheHotSetThroughAFloodOfSingletons) {
  HostCache cache(1 << 20, /*seed=*/1);
  const uint32_t hot = 1000;
  for (uint32_t i = 0; i < hot; ++i) Learn(cache, i);
  for (uint32_t i = 0; i < hot; ++i) EXPECT_TRUE(Knows(cache, i));
  int misses = 0;
  for (uint32_t i = 0; i < 200000; ++i) {
    Learn(cache, 1000000 + i);
    if (i % 10 != 0) continue;
    const uint32_t wanted = i / 10 % hot;
    if (Knows(cache, wanted)) continue;
    ++misses;
    Learn(cache, wanted);
  }
  EXPECT_LT(misses, 200);  // Of 20,000; LRU would have missed most.
  EXPECT_LE(cache.bytes(), size_t{1} << 20);
}

int CountKnown(HostCache& cache, uint32_t first, uint32_t last) {
  int known = 0;
  for (uint32_t i = first; i < last; ++i) known += Knows(cache, i) ? 1 : 0;
  return known;
}

// A fingerprint may be overwritten by another, so not all of them come back.
TEST(HostCache, TakesIntoTheHotSetWhoComesBackSoonAfterBeingForgotten) {
  HostCache cache(1 << 18, /*seed=*/1);
  for (uint32_t i = 0; i < 20000; ++i) Learn(cache, i);
  ASSERT_EQ(CountKnown(cache, 19400, 19500), 0);
  for (uint32_t i = 19400; i < 19500; ++i) Learn(cache, i);
  for (uint32_t i = 30000; i < 32000; ++i) Learn(cache, i);
  EXPECT_GT(CountKnown(cache, 19400, 19500), 70);
  EXPECT_EQ(CountKnown(cache, 30000, 30100), 0);
}

TEST(HostCache, ForgetsAFailureAfterHalfAMinute) {
  HostCache cache(1 << 20, /*seed=*/1);
  OwnedHost host = MakeHost(1);
  host.aaaa.outcome = Outcome::kServFail;
  cache.Insert(host.view(), kNow);
  EXPECT_TRUE(Knows(cache, 1, kNow + seconds(29)));
  EXPECT_FALSE(Knows(cache, 1, kNow + seconds(30)));
  host.aaaa.outcome = Outcome::kNoData;
  cache.Insert(host.view(), kNow + seconds(31));
  EXPECT_TRUE(Knows(cache, 1, kNow + seconds(3600)));
}

TEST(HostCache, SpendsAtMost64OctetsAndTheNameOnAHostWithTwoAddresses) {
  HostCache cache(8 << 20, /*seed=*/1);
  OwnedHost host = MakeHost(0);
  host.v4 = {Address(IpAddress::Family::kV4, 1)};
  host.v6 = {Address(IpAddress::Family::kV6, 1)};
  size_t names = 0;
  const size_t empty = cache.bytes();
  const uint32_t count = 50000;
  for (uint32_t i = 0; i < count; ++i) {
    host.name = host.end = NumberedName(i);
    names += host.name.view().size();
    cache.Insert(host.view(), kNow);
  }
  ASSERT_EQ(cache.size(), count);
  EXPECT_LE((cache.bytes() - empty - names) / count, 64u);
}

TEST(HostCache, DoesNotKeepAHostThatWouldFillItsSmallQueue) {
  HostCache cache(HostCache::kSmallest, /*seed=*/1);
  OwnedHost host = MakeHost(1);
  host.v6.assign(4000, Address(IpAddress::Family::kV6, 1));
  cache.Insert(host.view(), kNow);
  EXPECT_FALSE(Knows(cache, 1));
}

}  // namespace
}  // namespace mxscan
