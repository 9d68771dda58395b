// Descriptors for the tests of bodies, and an event loop that runs until what is expected is there.
#pragma once

#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "daemon/body/descriptor.hpp"

namespace sim52xx::daemon::test {

namespace fs = std::filesystem;
using std::string;

struct Ends {
  Fd read;
  Fd write;
};

class BodyTest : public testing::Test {
 protected:
  BodyTest() {
    std::signal(SIGPIPE, SIG_IGN);
    string name = fs::temp_directory_path() / "sim52xx-body-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~BodyTest() override { fs::remove_all(folder_); }

  static Ends make_pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    return {Fd(ends[0]), Fd(ends[1])};
  }
  static Ends make_sockets() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {Fd(ends[0]), Fd(ends[1])};
  }
  Fd make_file(const string& name, const string& content, int flags = O_RDWR) {
    const fs::path path = folder_ / name;
    const Fd writer(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    EXPECT_EQ(::write(writer.get(), content.data(), content.size()),
              static_cast<ssize_t>(content.size()));
    return Fd(::open(path.c_str(), flags | O_CLOEXEC));
  }
  static Fd copy(const Fd& fd) { return Fd(::dup(fd.get())); }
  static bool blocks(const Fd& fd) { return (::fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0; }
  static void put(const Fd& fd, const string& bytes) {
    EXPECT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  static string get(const Fd& fd, std::size_t most = 65536) {
    string bytes(most, '\0');
    const ssize_t count = ::read(fd.get(), bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  // Runs what can run now; returns as soon as nothing moves.
  void settle() {
    runtime_.io.restart();
    while (runtime_.io.poll() > 0)
      runtime_.io.restart();
  }
  // False: nothing happened for long.
  bool until(const std::function<bool()>& done) {
    while (!done()) {
      runtime_.io.restart();
      if (runtime_.io.run_one_for(std::chrono::seconds(20)) == 0) return false;
    }
    return true;
  }

  // What one read came to, once it has.
  struct Reading {
    std::array<char, 65536> buffer{};
    std::optional<Result<std::size_t>> result;

    [[nodiscard]] bool done() const { return result.has_value(); }
    [[nodiscard]] string text() const {
      if (!done() || !*result) return "failed";
      return string(buffer.data(), **result);
    }
  };
  struct Writing {
    string bytes;
    std::optional<Result<void>> result;

    [[nodiscard]] bool done() const { return result.has_value(); }
  };

  void start(Source& source, Reading& reading, std::size_t most = 65536) {
    asio::co_spawn(runtime_.io, read(source, reading, most), rethrow);
    settle();
  }
  void start(Sink& sink, Writing& writing) {
    asio::co_spawn(runtime_.io, write(sink, writing), rethrow);
    settle();
  }
  // The next bytes, "" at the end, "failed".
  string next(Source& source, std::size_t most = 65536) {
    Reading reading;
    start(source, reading, most);
    EXPECT_TRUE(until([&] { return reading.done(); }));
    return reading.text();
  }
  string all(Source& source) {
    string bytes;
    for (string piece = next(source); !piece.empty(); piece = next(source))
      bytes += piece;
    return bytes;
  }

  fs::path folder_;
  Runtime runtime_;

 private:
  static asio::awaitable<void> read(Source& source, Reading& reading, std::size_t most) {
    auto result = co_await source.read(reading.buffer.data(), most);
    reading.result.emplace(std::move(result));
  }
  static asio::awaitable<void> write(Sink& sink, Writing& writing) {
    auto result = co_await sink.write(writing.bytes);
    writing.result.emplace(std::move(result));
  }
  static void rethrow(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  }
};

}  // namespace sim52xx::daemon::test
