#include "protocol/ftps_list.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

using test::Random;
using Type = FtpsEntryType;

constexpr FtpsDate november{2012, 11, 20};

FtpsEntry read(std::string_view line, std::optional<FtpsDate> today = november) {
  const auto entry = parse_ftps_line(line, today);
  EXPECT_TRUE(entry) << line;
  EXPECT_TRUE(!entry || entry->raw == line) << line;
  return entry.value_or(FtpsEntry());
}

struct Line {
  std::string_view text;
  std::string_view name;
  Type type;
  std::optional<std::uint64_t> size;
  std::string_view modified;
};

void PrintTo(const Line& line, std::ostream* out) {
  *out << line.text;
}

class FtpsListLine : public ::testing::TestWithParam<Line> {};

TEST_P(FtpsListLine, IsUnderstood) {
  const Line& line = GetParam();
  const FtpsEntry entry = read(line.text);
  EXPECT_EQ(entry.name, line.name);
  EXPECT_EQ(name(entry.type), name(line.type));
  EXPECT_EQ(entry.size, line.size);
  EXPECT_EQ(entry.modified, line.modified);
}

constexpr std::optional<std::uint64_t> none;

INSTANTIATE_TEST_SUITE_P(
    Unix, FtpsListLine,
    ::testing::Values(Line{"-rw-r--r--    1 1000     1000         2017 Sep 01 17:24 report.txt",
                           "report.txt", Type::file, 2017, "2012-09-01T17:24"},
                      Line{"-rw-r--r--   1 ftp      ftp      1073741824 Dec 31  1999 big file .iso",
                           "big file .iso", Type::file, 1073741824, "1999-12-31"},
                      Line{"-rw-r--r--   1 user 2017 Sep  1 17:24 no-group.txt", "no-group.txt",
                           Type::file, 2017, "2012-09-01T17:24"},
                      Line{"drwxr-xr-x 2 root root 4096 Jan 2 2006 dir", "dir", Type::directory,
                           none, "2006-01-02"},
                      Line{"drwxrwsr-t+ 2 root root 4096 Jan 2 2006 shared", "shared",
                           Type::directory, none, "2006-01-02"},
                      Line{"lrwxrwxrwx 1 root root 11 Mar 3 2010 latest -> logs/a -> b.txt",
                           "latest", Type::link, none, "2010-03-03"},
                      Line{"crw-rw-rw- 1 root root 1, 3 Jan 1 2012 null", "null", Type::other, none,
                           "2012-01-01"},
                      Line{"brw-rw---- 1 root disk 8,0 Jan 1 2012 sda", "sda", Type::other, none,
                           "2012-01-01"},
                      Line{"-rw-r--r-- 1 May 12 5 Jun 7 2011 user called May.txt",
                           "user called May.txt", Type::file, 5, "2011-06-07"},
                      Line{"-rw-r--r-- 1 u g 5 Jun 7 2011   three blanks", "  three blanks",
                           Type::file, 5, "2011-06-07"},
                      Line{"-rw-r--r-- 1 u g 5 jun 7 2011 12 Jan 1 00:00 x", "12 Jan 1 00:00 x",
                           Type::file, 5, "2011-06-07"},
                      Line{"-rw-r--r-- 1 u g 5 2012-09-01 18:01 iso.txt", "iso.txt", Type::file, 5,
                           "2012-09-01T18:01"},
                      Line{"-rw-r--r-- 1 u g 5 2012-09-01 18:01:59.123 full.txt", "full.txt",
                           Type::file, 5, "2012-09-01T18:01:59"},
                      Line{"-rw-r--r-- 1 u g 99999999999999999999 Jun 7 2011 too-big", "",
                           Type::unknown, none, ""},
                      Line{"- [RWCEAFMS] rajesh 214059 Oct 20 15:27 cx.exe", "cx.exe", Type::file,
                           214059, "2012-10-20T15:27"},
                      Line{"-rw-r--r-- 1 u g 5 Jun 7 2011 M\xfcller.txt", "M\xfcller.txt",
                           Type::file, 5, "2011-06-07"}));

INSTANTIATE_TEST_SUITE_P(
    Dos, FtpsListLine,
    ::testing::Values(Line{"09-01-12  06:01PM       <DIR>          my folder", "my folder",
                           Type::directory, none, "2012-09-01T18:01"},
                      Line{"02-18-97  12:20AM                 2017 19800106_000128.jpg",
                           "19800106_000128.jpg", Type::file, 2017, "1997-02-18T00:20"},
                      Line{"02-18-2012  15:20                 2017  leading blank",
                           " leading blank", Type::file, 2017, "2012-02-18T15:20"},
                      Line{"02-18-2012  12:20PM  <SYMLINKD>   here [D:\\there]", "here", Type::link,
                           none, "2012-02-18T12:20"},
                      Line{"02-18-2012  12:20PM  <WHAT>   odd", "", Type::unknown, none, ""}));

INSTANTIATE_TEST_SUITE_P(
    Mlsd, FtpsListLine,
    ::testing::Values(Line{"type=file;size=2017;modify=20120901180100;UNIX.mode=0644; a b.txt",
                           "a b.txt", Type::file, 2017, "2012-09-01T18:01:00Z"},
                      Line{"Type=cdir;Modify=20120901180100.123; /pub", "/pub", Type::directory,
                           none, "2012-09-01T18:01:00Z"},
                      Line{"modify=20121301180100;type=OS.unix=slink:/x; l", "l", Type::link, none,
                           ""},
                      Line{"size=5;modify=20120901180100; no type", "", Type::unknown, none, ""}));

INSTANTIATE_TEST_SUITE_P(
    Nothing, FtpsListLine,
    ::testing::Values(Line{"226 Transfer complete", "", Type::unknown, none, ""},
                      Line{"-rw-r--r--", "", Type::unknown, none, ""},
                      Line{"-rw-r--r-- 1 u g 5 Jun 7 2011", "", Type::unknown, none, ""},
                      Line{"-rw-r--r-- 1 u g 5 Jun 7 2011 ", "", Type::unknown, none, ""},
                      Line{"d", "", Type::unknown, none, ""},
                      Line{"09-01-12", "", Type::unknown, none, ""},
                      Line{"; x", "", Type::unknown, none, ""},
                      Line{"total 12 files", "", Type::unknown, none, ""}));

// With the columns of ls, which the note's typesetting lost: then it has its 193 bytes.
TEST(FtpsList, Note39) {
  const std::string listing =
      "drw-rw-rw-   1 user     group           0 Sep  1 18:01 .\r\n"
      "drw-rw-rw-   1 user     group           0 Sep  1 18:01 ..\r\n"
      "-rw-rw-rw-   1 user     group        2017 Sep  1 17:24 19800106_000128.jpg\r\n";
  ASSERT_EQ(listing.size(), 193U);
  const auto entries = parse_ftps_list(listing, FtpsDate{2012, 9, 3});
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, ".");
  EXPECT_EQ(entries[0].type, Type::directory);
  EXPECT_EQ(entries[1].name, "..");
  EXPECT_EQ(entries[1].modified, "2012-09-01T18:01");
  EXPECT_EQ(entries[2].name, "19800106_000128.jpg");
  EXPECT_EQ(entries[2].type, Type::file);
  EXPECT_EQ(entries[2].size, 2017U);
  EXPECT_EQ(entries[2].modified, "2012-09-01T17:24");
  EXPECT_EQ(entries[2].raw,
            "-rw-rw-rw-   1 user     group        2017 Sep  1 17:24 19800106_000128.jpg");
}

// As the note prints it.
TEST(FtpsList, Note39AsTypeset) {
  const auto entries = parse_ftps_list(
      "drw-rw-rw- 1 user group 0 Sep 1 18:01 .  \n"
      "drw-rw-rw- 1 user group 0 Sep 1 18:01 ..  \n"
      "-rw-rw-rw- 1 user group 2017 Sep 1 17:24 19800106_000128.jpg",
      std::nullopt);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[2].name, "19800106_000128.jpg");
  EXPECT_EQ(entries[2].size, 2017U);
  EXPECT_EQ(entries[2].modified, "");  // which year is not known
}

TEST(FtpsList, TotalAndEmptyLinesAreNoEntries) {
  const auto entries =
      parse_ftps_list("total 8\r\n\r\n \n-rw-r--r-- 1 u g 5 Jun 7 2011 a\nodd", {});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "a");
  EXPECT_EQ(entries[1].type, Type::unknown);
  EXPECT_EQ(entries[1].raw, "odd");
  EXPECT_TRUE(parse_ftps_list("", november).empty());
}

TEST(FtpsList, YearOfARecentDate) {
  const auto year = [](std::string_view date, FtpsDate today) {
    return read("-rw-r--r-- 1 u g 5 " + std::string(date) + " 10:00 a", today)
        .modified.substr(0, 10);
  };
  EXPECT_EQ(year("Nov 20", {2012, 11, 20}), "2012-11-20");
  EXPECT_EQ(year("Nov 21", {2012, 11, 20}), "2012-11-21");  // the server's clock is ahead
  EXPECT_EQ(year("Nov 22", {2012, 11, 20}), "2011-11-22");
  EXPECT_EQ(year("Feb 1", {2013, 1, 31}), "2013-02-01");
  EXPECT_EQ(year("Jan 1", {2012, 12, 31}), "2013-01-01");
  EXPECT_EQ(year("Jan 2", {2012, 12, 31}), "2012-01-02");
  EXPECT_EQ(year("Feb 29", {2013, 3, 1}), "2012-02-29");
  EXPECT_EQ(year("Feb 30", {2013, 3, 1}), "");
}

// Whatever a server sends: every line is kept as it came, and nothing else happens.
TEST(FtpsList, AnythingGoes) {
  const std::vector<std::string> seeds{
      "-rw-r--r--   1 user     group        2017 Sep  1 17:24 a b.txt",
      "lrwxrwxrwx 1 root root 11 Mar 3 2010 latest -> logs/a",
      "09-01-12  06:01PM       <DIR>          my folder",
      "02-18-2012  12:20PM  <SYMLINKD>   here [D:\\there]",
      "type=file;size=2017;modify=20120901180100; a b.txt",
      "- [RWCEAFMS] rajesh 214059 Oct 20 15:27 cx.exe",
      "-rw-r--r-- 1 u g 5 2012-09-01 18:01:59.123 full.txt"};
  Random random(39);
  for (int round = 0; round < 200'000; ++round) {
    std::string line = random.pick(seeds);
    for (std::size_t edits = random.between(1, 4); edits > 0 && !line.empty(); --edits) {
      const std::size_t at = random.between(0, line.size() - 1);
      switch (random.between(0, 3)) {
        case 0:
          line[at] = random.byte();
          break;
        case 1:
          line.erase(at, random.between(1, 8));
          break;
        case 2:
          line.insert(at, random.between(1, 3), random.pick(std::string_view(" :;-0=>")));
          break;
        default:
          line.resize(at);
          break;
      }
    }
    std::erase(line, '\n');
    const auto entry = parse_ftps_line(line, november);
    if (!entry) continue;
    ASSERT_TRUE(line == entry->raw || line == entry->raw + '\r');
    ASSERT_EQ(entry->name.empty(), entry->type == Type::unknown) << line;
    ASSERT_NE(line.find(entry->name), std::string::npos);
    ASSERT_TRUE(entry->type == Type::file || !entry->size);
  }
}

}  // namespace
}  // namespace sim52xx
