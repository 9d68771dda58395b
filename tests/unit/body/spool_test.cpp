#include "daemon/body/spool.hpp"

#include <algorithm>

#include "tests/unit/body/fixture.hpp"

namespace sim52xx::daemon::test {
namespace {

constexpr std::size_t mebi = std::size_t{1} << 20U;

class SpoolTest : public BodyTest {
 protected:
  // How many files of the folder this process holds open, though they have no name.
  [[nodiscard]] int open_files() const {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code ignored;
      if (fs::read_symlink(entry.path(), ignored).string().starts_with(folder_.string())) ++count;
    }
    return count;
  }

  SpoolSpace space_{folder_, 4 * mebi};
};

TEST_F(SpoolTest, ASmallBodyStaysInMemory) {
  Spool spool(space_);
  ASSERT_TRUE(spool.append("hello "));
  ASSERT_TRUE(spool.append("world"));
  EXPECT_EQ(spool.size(), 11U);
  ASSERT_NE(spool.text(), nullptr);
  EXPECT_EQ(*spool.text(), "hello world");
  EXPECT_EQ(*spool.read(6, 3), "wor");
  EXPECT_EQ(*spool.read(6, 300), "world");
  EXPECT_EQ(*spool.read(11, 300), "");
  EXPECT_EQ(*spool.read(UINT64_MAX, 300), "");
  EXPECT_EQ(space_.used(), 0U);
  EXPECT_EQ(open_files(), 0);
}

TEST_F(SpoolTest, ALargeOneIsInAFileWithoutAName) {
  string expected;
  {
    Spool spool(space_);
    for (int i = 0; expected.size() < mebi; ++i) {
      const string piece = std::to_string(i) + "\n";
      expected += piece;
      ASSERT_TRUE(spool.append(piece));
      EXPECT_EQ(spool.text() != nullptr, expected.size() <= Spool::memory_most);
    }
    EXPECT_EQ(spool.text(), nullptr);
    EXPECT_EQ(spool.memory(), string().capacity());
    EXPECT_EQ(spool.size(), expected.size());
    EXPECT_EQ(*spool.read(0, 2 * mebi), expected);
    EXPECT_EQ(*spool.read(Spool::memory_most - 10, 20),
              expected.substr(Spool::memory_most - 10, 20));
    EXPECT_EQ(space_.used(), expected.size());
    EXPECT_EQ(open_files(), 1);
    EXPECT_TRUE(fs::is_empty(folder_));
  }
  EXPECT_EQ(space_.used(), 0U);
  EXPECT_EQ(open_files(), 0);
}

TEST_F(SpoolTest, AllTogetherHaveALimit) {
  const string piece(mebi, 'x');
  std::optional<Spool> first(space_);
  Spool second(space_);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(first->append(piece));
  ASSERT_TRUE(second.append(piece));
  const Result<void> refused = second.append("y");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::limit);
  EXPECT_NE(refused.error().message.find("spool_limit (4194304 bytes)"), string::npos);
  EXPECT_EQ(second.size(), mebi);
  first.reset();
  EXPECT_TRUE(second.append("y"));
  space_.set_limit(1);
  EXPECT_FALSE(second.append("y"));
}

TEST_F(SpoolTest, AFolderThatIsGoneInterrupts) {
  SpoolSpace nowhere(folder_ / "gone", mebi);
  Spool spool(nowhere);
  const Result<void> refused = spool.append(string(mebi, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::interrupted);
}

TEST_F(SpoolTest, TheSinkOutlivesNothing) {
  const auto spool = std::make_shared<Spool>(space_);
  {
    SpoolSink sink(spool);
    Writing writing;
    writing.bytes = "body";
    start(sink, writing);
    ASSERT_TRUE(writing.done() && *writing.result);
    sink.cancel();
    Writing more;
    more.bytes = "more";
    start(sink, more);
    EXPECT_EQ(more.result->error().kind, ErrorKind::cancelled);
  }
  EXPECT_EQ(*spool->text(), "body");
}

}  // namespace
}  // namespace sim52xx::daemon::test
