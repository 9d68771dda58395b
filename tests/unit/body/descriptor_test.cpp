// Sources and sinks over real descriptors. The other end plays the client: it waits, vanishes, and
// goes on using what it has passed.
#include "daemon/body/descriptor.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/body/memory.hpp"
#include "tests/unit/body/fixture.hpp"

namespace sim52xx::daemon::test {
namespace {

const string large(std::size_t{3} << 20U, 'x');

struct Case {
  string name;
  bool pipe;
};

void PrintTo(const Case& what, std::ostream* out) {  // not the bytes between its members
  *out << what.name;
}

class StreamBody : public BodyTest, public testing::WithParamInterface<Case> {
 protected:
  [[nodiscard]] Ends make() const { return GetParam().pipe ? make_pipe() : make_sockets(); }

  std::unique_ptr<Source> source(const Fd& fd) {
    return std::move(*source_from(runtime_, copy(fd)));
  }
  std::unique_ptr<Sink> sink(const Fd& fd) { return std::move(*sink_to(runtime_, copy(fd))); }
};

INSTANTIATE_TEST_SUITE_P(Kinds, StreamBody,
                         testing::Values(Case{"pipe", true}, Case{"socket", false}),
                         [](const auto& each) { return each.param.name; });

TEST_P(StreamBody, ReadsWhatComesAndTheEnd) {
  Ends ends = make();
  const auto body = source(ends.read);
  EXPECT_EQ(body->size(), std::nullopt);
  EXPECT_FALSE(body->rewind());
  put(ends.write, "hello");
  EXPECT_EQ(next(*body, 2), "he");
  EXPECT_EQ(next(*body), "llo");
  ends.write.reset();
  EXPECT_EQ(next(*body), "");
}

TEST_P(StreamBody, WaitsForBytesWithoutBlocking) {
  Ends ends = make();
  const auto body = source(ends.read);
  Reading reading;
  start(*body, reading);
  EXPECT_FALSE(reading.done());
  put(ends.write, "late");
  EXPECT_TRUE(until([&] { return reading.done(); }));
  EXPECT_EQ(reading.text(), "late");
}

TEST_P(StreamBody, TheEndWakesWhoWaits) {
  Ends ends = make();
  const auto body = source(ends.read);
  Reading reading;
  start(*body, reading);
  ends.write.reset();
  EXPECT_TRUE(until([&] { return reading.done(); }));
  EXPECT_EQ(reading.text(), "");
}

// The flag belongs to the open file, which is the client's: its shell would be surprised.
TEST_P(StreamBody, LeavesTheFlagsOfTheClientAlone) {
  Ends ends = make();
  const auto body = source(ends.read);
  Reading reading;
  start(*body, reading);
  EXPECT_TRUE(blocks(ends.read)) << "while it waits";
  put(ends.write, "x");
  EXPECT_TRUE(until([&] { return reading.done(); }));
  EXPECT_TRUE(blocks(ends.read));

  Ends others = make();
  const auto out = sink(others.write);
  Writing writing;
  writing.bytes = large;
  start(*out, writing);
  EXPECT_FALSE(writing.done());
  EXPECT_TRUE(blocks(others.write)) << "while it waits";
  out->cancel();
  EXPECT_TRUE(until([&] { return writing.done(); }));
}

// Ready, but emptied by another owner before our turn: must wait on, not block.
TEST_P(StreamBody, BytesThatSomebodyElseTookAreNoBytes) {
  Ends ends = make();
  const auto body = source(ends.read);
  Reading reading;
  start(*body, reading);
  put(ends.write, "stolen");
  EXPECT_EQ(get(ends.read), "stolen");
  settle();
  EXPECT_FALSE(reading.done());
  put(ends.write, "ours");
  EXPECT_TRUE(until([&] { return reading.done(); }));
  EXPECT_EQ(reading.text(), "ours");
}

TEST_P(StreamBody, ReadsALotInOrder) {
  Ends ends = make();
  const auto body = source(ends.read);
  string sent;
  string got;
  ::fcntl(ends.write.get(), F_SETFL, O_NONBLOCK);
  for (int i = 0; sent.size() < 300000; ++i) {
    const string piece = std::to_string(i) + string(static_cast<std::size_t>(i % 97), '.');
    while (::write(ends.write.get(), piece.data(), piece.size()) < 0)
      got += next(*body, 1 + static_cast<std::size_t>(i) % 5000);
    sent += piece;
  }
  ends.write.reset();
  got += all(*body);
  EXPECT_EQ(got, sent);
}

TEST_P(StreamBody, ASlowReaderIsWaitedFor) {
  Ends ends = make();
  const auto body = sink(ends.write);
  Writing writing;
  for (int i = 0; writing.bytes.size() < 500000; ++i)
    writing.bytes += std::to_string(i) + ",";
  start(*body, writing);
  EXPECT_FALSE(writing.done());
  string got;
  while (!writing.done() || got.size() < writing.bytes.size()) {
    got += get(ends.read, 7000);
    settle();
    ASSERT_TRUE(!writing.done() || *writing.result);
  }
  EXPECT_EQ(got, writing.bytes);
}

TEST_P(StreamBody, AReaderThatIsGoneInterrupts) {
  Ends ends = make();
  const auto body = sink(ends.write);
  Writing writing;
  writing.bytes = large;
  start(*body, writing);
  EXPECT_FALSE(writing.done());
  ends.read.reset();
  ASSERT_TRUE(until([&] { return writing.done(); }));
  ASSERT_FALSE(*writing.result);
  EXPECT_EQ(writing.result->error().kind, ErrorKind::interrupted);
}

TEST_P(StreamBody, CancelWakesWhoWaitsAndStays) {
  Ends ends = make();
  const auto body = source(ends.read);
  Reading reading;
  start(*body, reading);
  body->cancel();
  ASSERT_TRUE(until([&] { return reading.done(); }));
  EXPECT_EQ(reading.result->error().kind, ErrorKind::cancelled);
  put(ends.write, "x");
  Reading again;
  start(*body, again);
  ASSERT_TRUE(again.done());
  EXPECT_EQ(again.result->error().kind, ErrorKind::cancelled);

  Ends others = make();
  const auto out = sink(others.write);
  Writing writing;
  writing.bytes = large;
  start(*out, writing);
  out->cancel();
  ASSERT_TRUE(until([&] { return writing.done(); }));
  EXPECT_EQ(writing.result->error().kind, ErrorKind::cancelled);
}

class FileBody : public BodyTest {};

TEST_F(FileBody, IsReadFromWhereItStands) {
  const Fd file = make_file("f", "0123456789");
  ASSERT_EQ(::lseek(file.get(), 3, SEEK_SET), 3);
  auto body = source_from(runtime_, copy(file));
  ASSERT_TRUE(body);
  EXPECT_EQ((*body)->size(), 7U);
  EXPECT_EQ(next(**body, 4), "3456");
  EXPECT_EQ(next(**body, 4), "789");
  EXPECT_EQ(next(**body, 4), "");
  EXPECT_TRUE((*body)->rewind());
  EXPECT_EQ(all(**body), "3456789");
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 3) << "the client's position stays";
}

TEST_F(FileBody, HasTheEndThatItHadAtFirst) {
  const Fd file = make_file("f", "0123456789");
  auto body = source_from(runtime_, copy(file));
  ASSERT_TRUE(body);
  ASSERT_EQ(::pwrite(file.get(), "more", 4, 10), 4);
  EXPECT_EQ(all(**body), "0123456789");
  EXPECT_TRUE((*body)->rewind());
  ASSERT_EQ(::ftruncate(file.get(), 5), 0);
  EXPECT_EQ(next(**body), "01234");
  Reading reading;
  start(**body, reading);
  ASSERT_TRUE(reading.done());
  EXPECT_EQ(reading.result->error().kind, ErrorKind::interrupted);
}

TEST_F(FileBody, EmptyIsEmptyAndProcTellsNoSize) {
  auto empty = source_from(runtime_, make_file("f", ""));
  ASSERT_TRUE(empty);
  EXPECT_EQ((*empty)->size(), 0U);
  EXPECT_EQ(next(**empty), "");
  auto proc = source_from(runtime_, Fd(::open("/proc/self/status", O_RDONLY | O_CLOEXEC)));
  ASSERT_TRUE(proc);
  EXPECT_EQ((*proc)->size(), std::nullopt);
  EXPECT_TRUE(all(**proc).starts_with("Name:"));
}

TEST_F(FileBody, IsWrittenWhereItStandsAndMovesOn) {
  const Fd file = make_file("f", "0123456789");
  ASSERT_EQ(::lseek(file.get(), 4, SEEK_SET), 4);
  auto body = sink_to(runtime_, copy(file));
  ASSERT_TRUE(body);
  Writing writing;
  writing.bytes = "abc";
  start(**body, writing);
  ASSERT_TRUE(writing.done() && *writing.result);
  put(file, "!");
  EXPECT_EQ(get(make_file("unused", "")), "");
  string content(64, '\0');
  content.resize(static_cast<std::size_t>(::pread(file.get(), content.data(), 64, 0)));
  EXPECT_EQ(content, "0123abc!89");
}

TEST_F(FileBody, AFullDiskInterrupts) {
  const Fd file(::memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW), 0);
  auto body = sink_to(runtime_, copy(file));
  ASSERT_TRUE(body);
  Writing writing;
  writing.bytes = "x";
  start(**body, writing);
  ASSERT_TRUE(writing.done());
  EXPECT_EQ(writing.result->error().kind, ErrorKind::interrupted);
}

TEST_F(FileBody, CancelledIsCancelled) {
  auto body = source_from(runtime_, make_file("f", "0123456789"));
  (*body)->cancel();
  EXPECT_EQ(next(**body), "failed");
  auto out = sink_to(runtime_, make_file("g", ""));
  (*out)->cancel();
  Writing writing;
  writing.bytes = "x";
  start(**out, writing);
  EXPECT_EQ(writing.result->error().kind, ErrorKind::cancelled);
}

class Refused : public BodyTest {
 protected:
  string why(Fd fd) {
    const auto source = source_from(runtime_, copy(fd));
    const auto sink = sink_to(runtime_, std::move(fd));
    if (source || sink) return "accepted";
    EXPECT_EQ(source.error().kind, ErrorKind::invalid);
    EXPECT_EQ(sink.error().kind, ErrorKind::invalid);
    return source.error().message;
  }
};

TEST_F(Refused, WhatIsNoFilePipeOrStream) {
  const string words =
      "the passed descriptor is neither a regular file, nor a pipe, nor a connected stream socket";
  EXPECT_EQ(why(Fd(::open("/dev/null", O_RDWR | O_CLOEXEC))), words);
  EXPECT_EQ(why(Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))), words);
  EXPECT_EQ(why(Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0))), words);
  EXPECT_EQ(why(Fd(::posix_openpt(O_RDWR | O_CLOEXEC))), words);
  const Fd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un any{};  // of this length: the kernel finds a name
  any.sun_family = AF_UNIX;
  ASSERT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&any), sizeof(sa_family_t)),
            0);
  ASSERT_EQ(::listen(listening.get(), 1), 0);
  EXPECT_EQ(why(copy(listening)), words);
}

TEST_F(Refused, WhatIsOpenTheOtherWay) {
  Ends ends = make_pipe();
  EXPECT_EQ(source_from(runtime_, copy(ends.write)).error().message,
            "the passed descriptor is not open for reading");
  EXPECT_EQ(sink_to(runtime_, copy(ends.read)).error().message,
            "the passed descriptor is not open for writing");
  EXPECT_FALSE(sink_to(runtime_, make_file("f", "", O_RDONLY)));
  EXPECT_FALSE(source_from(runtime_, make_file("f", "", O_WRONLY)));
  EXPECT_FALSE(source_from(runtime_, make_file("f", "", O_PATH)));
  EXPECT_FALSE(source_from(runtime_, Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC))));
  EXPECT_FALSE(source_from(runtime_, Fd(-1)));
}

TEST_F(FileBody, MemoryIsReadInPiecesAndAgain) {
  MemorySource body("0123456789");
  EXPECT_EQ(body.size(), 10U);
  EXPECT_EQ(next(body, 4), "0123");
  EXPECT_EQ(next(body, 40), "456789");
  EXPECT_EQ(next(body, 4), "");
  EXPECT_TRUE(body.rewind());
  EXPECT_EQ(all(body), "0123456789");
  body.cancel();
  EXPECT_EQ(next(body), "failed");
}

}  // namespace
}  // namespace sim52xx::daemon::test
