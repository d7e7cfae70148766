#include "scanner/fetch/https_fetcher.h"

#include <curl/curl.h>

#include <algorithm>
#include <cassert>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "resolver/net/descriptor_watch.h"
#include "scanner/audit/special_addresses.h"
#include "scanner/fetch/https_transfer.h"

namespace mxscan {

// libcurl says which sockets and which time it waits for; the loop says when
// they have come. Both happen in a turn's events and in its hook, so that
// whoever receives an answer still has his own turn before the loop sleeps.
class HttpsFetcher::State final : TurnHook, WatchReceiver {
 public:
  State(const HttpsClient& client, Loop& loop);
  ~State();

  // False when libcurl has no memory.
  bool Open();
  void Fetch(const FetchRequest& request, FetchReceiver& receiver,
             uint64_t token);
  Nanos LatestEnd() const;

 private:
  struct Wanted {
    std::string host;
    std::string path;
    std::vector<IpAddress> addresses;  // That may be connected to.
    FetchReceiver* receiver;
    uint64_t token;
  };
  // One file that is being fetched, and whom it is for.
  struct Running {
    std::unique_ptr<HttpsTransfer> transfer;
    FetchReceiver* receiver;
    uint64_t token;
  };

  Nanos OnTurn(Nanos now) noexcept override;
  void OnReady(int descriptor, Readiness ready) noexcept override;

  void OnSocket(curl_socket_t socket, int what);
  void SetAlarm(long after_ms);
  void Act(curl_socket_t socket, int ready);
  void TakeResults();
  void StartWanted();
  void Start(Wanted wanted);
  void Finish(CURL* easy, CURLcode result);

  const HttpsClient& client_;
  Loop& loop_;
  CURLM* multi_ = nullptr;
  Nanos due_ = Nanos::max();  // When libcurl wants to be called.
  Nanos last_start_{};        // Of what runs.
  absl::flat_hash_map<curl_socket_t, DescriptorWatch::Ptr> watches_;
  std::deque<Wanted> wanted_;
  absl::flat_hash_map<CURL*, Running> running_;
  std::vector<std::unique_ptr<HttpsTransfer>> idle_;
};

HttpsFetcher::State::State(const HttpsClient& client, Loop& loop)
    : client_(client), loop_(loop) {
  loop_.AddTurnHook(*this);
}

// libcurl takes leave of its sockets, and their watches with it.
HttpsFetcher::State::~State() {
  for (auto& [easy, running] : running_) {
    curl_multi_remove_handle(multi_, easy);
  }
  running_.clear();
  idle_.clear();
  curl_multi_cleanup(multi_);
}

bool HttpsFetcher::State::Open() {
  multi_ = curl_multi_init();
  if (multi_ == nullptr) return false;
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(
      multi_, CURLMOPT_SOCKETFUNCTION,
      +[](CURL*, curl_socket_t socket, int what, void* self, void*) {
        static_cast<State*>(self)->OnSocket(socket, what);
        return 0;
      });
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(
      multi_, CURLMOPT_TIMERFUNCTION, +[](CURLM*, long after_ms, void* self) {
        static_cast<State*>(self)->SetAlarm(after_ms);
        return 0;
      });
  idle_.push_back(HttpsTransfer::Make(client_));
  return idle_.back() != nullptr;
}

// Nothing more than remembering it: who asks is not answered from inside.
void HttpsFetcher::State::Fetch(const FetchRequest& request,
                                FetchReceiver& receiver, uint64_t token) {
  assert(!request.addresses.empty());
  Wanted& wanted = wanted_.emplace_back();
  wanted.host = request.host;
  wanted.path = request.path;
  wanted.receiver = &receiver;
  wanted.token = token;
  for (const IpAddress& address : request.addresses) {
    if (wanted.addresses.size() == kMaxAddresses) break;
    const bool special = KindOf(address) != AddressKind::kGlobal;
    if (special && !client_.options().allow_private) continue;
    wanted.addresses.push_back(address);
  }
  // Our hook may have run in this turn already.
  loop_.Wake();
}

// As if all of those that run ended together.
Nanos HttpsFetcher::State::LatestEnd() const {
  if (running_.empty() && wanted_.empty()) return Nanos::zero();
  const auto rounds =
      static_cast<int64_t>((wanted_.size() + kAtOnce - 1) / kAtOnce);
  return last_start_ + (rounds + 1) * Nanos(client_.options().whole_limit);
}

Nanos HttpsFetcher::State::OnTurn(Nanos now) noexcept {
  StartWanted();
  if (due_ <= now) {
    due_ = Nanos::max();
    Act(CURL_SOCKET_TIMEOUT, 0);
  }
  const bool more = !wanted_.empty() && running_.size() < kAtOnce;
  return more ? now : due_;
}

void HttpsFetcher::State::OnReady(int descriptor, Readiness ready) noexcept {
  const int what = (ready.readable ? CURL_CSELECT_IN : 0) |
                   (ready.writable ? CURL_CSELECT_OUT : 0) |
                   (ready.failed ? CURL_CSELECT_ERR : 0);
  Act(descriptor, what);
}

void HttpsFetcher::State::OnSocket(curl_socket_t socket, int what) {
  if (what == CURL_POLL_REMOVE) {
    watches_.erase(socket);
    return;
  }
  DescriptorWatch::Ptr& watch = watches_[socket];
  if (watch == nullptr) watch = DescriptorWatch::Open(loop_, socket, *this);
  // Without one, time ends the transfer.
  if (watch == nullptr) return;
  watch->WatchFor((what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
}

void HttpsFetcher::State::SetAlarm(long after_ms) {
  due_ = after_ms < 0 ? Nanos::max()
                      : loop_.now() + std::chrono::milliseconds(after_ms);
}

void HttpsFetcher::State::Act(curl_socket_t socket, int ready) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, ready, &running);
  TakeResults();
}

void HttpsFetcher::State::TakeResults() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    // The message is gone once its handle is.
    Finish(message->easy_handle, message->data.result);
  }
}

void HttpsFetcher::State::StartWanted() {
  while (!wanted_.empty() && running_.size() < kAtOnce) {
    Wanted wanted = std::move(wanted_.front());
    wanted_.pop_front();
    Start(std::move(wanted));
  }
}

void HttpsFetcher::State::Start(Wanted wanted) {
  FetchAnswer refused;
  refused.host = wanted.host;
  if (wanted.addresses.empty()) {
    refused.outcome = FetchOutcome::kNoPublicAddress;
    return wanted.receiver->OnFile(wanted.token, refused);
  }
  if (idle_.empty()) idle_.push_back(HttpsTransfer::Make(client_));
  std::unique_ptr<HttpsTransfer> transfer = std::move(idle_.back());
  idle_.pop_back();
  if (transfer == nullptr ||
      !transfer->Prepare(wanted.host, wanted.path,
                         std::move(wanted.addresses)) ||
      curl_multi_add_handle(multi_, transfer->easy()) != CURLM_OK) {
    return wanted.receiver->OnFile(wanted.token, refused);
  }
  last_start_ = loop_.now();
  CURL* const easy = transfer->easy();
  running_.emplace(easy,
                   Running{std::move(transfer), wanted.receiver, wanted.token});
}

void HttpsFetcher::State::Finish(CURL* easy, CURLcode result) {
  const auto found = running_.find(easy);
  Running done = std::move(found->second);
  running_.erase(found);
  curl_multi_remove_handle(multi_, easy);
  done.receiver->OnFile(done.token, done.transfer->Answer(result));
  idle_.push_back(std::move(done.transfer));
}

HttpsFetcher::HttpsFetcher(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

HttpsFetcher::~HttpsFetcher() = default;

absl::StatusOr<std::unique_ptr<HttpsFetcher>> HttpsFetcher::Open(
    const HttpsClient& client, Loop& loop) {
  if (absl::Status status = loop.status(); !status.ok()) return status;
  auto state = std::make_unique<State>(client, loop);
  if (!state->Open()) {
    return absl::ResourceExhaustedError(
        "libcurl cannot be used for --fetch-policies: there is no memory for "
        "it, or it is older than 7.87");
  }
  return std::unique_ptr<HttpsFetcher>(new HttpsFetcher(std::move(state)));
}

void HttpsFetcher::Fetch(const FetchRequest& request, FetchReceiver& receiver,
                         uint64_t token) {
  state_->Fetch(request, receiver, token);
}

Nanos HttpsFetcher::LatestEnd() const { return state_->LatestEnd(); }

}  // namespace mxscan
