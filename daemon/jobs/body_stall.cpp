#include "daemon/jobs/body_stall.hpp"

#include <string>
#include <utility>

#include "daemon/jobs/job.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::chrono::seconds look_again{1};

}  // namespace

// While it lives, the body is waited for.
class BodyStall::Waiting {
 public:
  Waiting(BodyStall& stall, std::string_view what) : stall_(stall) {
    stall_.what_ = what;
    stall_.timer_.arm(stall_.runtime_.now() + longest);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { stall_.timer_.cancel(); }

 private:
  BodyStall& stall_;
};

class BodyStall::WatchedSource final : public Source {
 public:
  WatchedSource(BodyStall& stall, std::unique_ptr<Source> body)
      : stall_(stall), body_(std::move(body)) {}

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override {
    const Waiting waiting(stall_, "the writer of the body gave nothing");
    auto got = co_await body_->read(to, most);
    co_return got;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return body_->size(); }
  bool rewind() override { return body_->rewind(); }
  void cancel() override { body_->cancel(); }

 private:
  BodyStall& stall_;
  std::unique_ptr<Source> body_;
};

class BodyStall::WatchedSink final : public Sink {
 public:
  WatchedSink(BodyStall& stall, std::unique_ptr<Sink> body)
      : stall_(stall), body_(std::move(body)) {}

  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    const Waiting waiting(stall_, "the reader of the answer took too little");
    auto written = co_await body_->write(bytes);
    co_return written;
  }
  void cancel() override { body_->cancel(); }

 private:
  BodyStall& stall_;
  std::unique_ptr<Sink> body_;
};

BodyStall::BodyStall(Runtime& runtime, const Arbiter& arbiter, Job& job)
    : runtime_(runtime), arbiter_(arbiter), job_(job), timer_(runtime.timers, [this] { look(); }) {}

std::unique_ptr<Source> BodyStall::watch(std::unique_ptr<Source> body) {
  if (!body) return nullptr;
  return std::make_unique<WatchedSource>(*this, std::move(body));
}

std::unique_ptr<Sink> BodyStall::watch(std::unique_ptr<Sink> body) {
  if (!body) return nullptr;
  return std::make_unique<WatchedSink>(*this, std::move(body));
}

void BodyStall::look() {
  const auto waiter = arbiter_.waiter_for(job_);
  if (!waiter) {
    timer_.arm(runtime_.now() + look_again);
    return;
  }
  job_.stop(Error(ErrorKind::limit, std::string(name(job_.state)),
                  std::string(what_) + " for " + std::to_string(longest.count()) + " s, while " +
                      *waiter + " waits for the modem"));
}

}  // namespace sim52xx::daemon
