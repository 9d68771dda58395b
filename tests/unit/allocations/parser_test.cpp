// The parser allocates no memory for a line, once it has seen lines of that kind. Counted by the
// program's own operator new.
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tests/support/mixed_stream.hpp"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace sim52xx::test {
namespace {

// So many allocations while all of `bytes` is parsed, in reads of 4 KiB and then byte by byte.
std::size_t allocated_by(StreamParser& parser, std::string_view bytes) {
  const std::size_t before = allocations;
  parser.feed_all(bytes);
  for (std::size_t at = 0; at < bytes.size(); ++at)
    parser.feed(bytes.substr(at, 1));
  return allocations - before;
}

TEST(ParserAllocations, none_for_a_line_in_steady_state) {
  const MixedStream stream(200, 10);
  StreamParser parser;
  EXPECT_GT(allocated_by(parser, stream.bytes), 0U) << "the counter counts nothing";
  const std::size_t lines = parser.lines;
  EXPECT_EQ(lines, 2 * stream.lines);
  EXPECT_EQ(allocated_by(parser, stream.bytes), 0U);
  EXPECT_EQ(parser.lines, 2 * lines);
  EXPECT_EQ(parser.finals, 4U * 200U);
  EXPECT_EQ(parser.block_bytes, 4U * 20U * 1024U);
}

}  // namespace
}  // namespace sim52xx::test
