#include "daemon/ctl/ftps_url.hpp"

#include <gtest/gtest.h>

namespace sim52xx::ctl {
namespace {

FtpsUrl good(std::string_view url) {
  const auto parsed = parse_ftps_url(url);
  EXPECT_TRUE(parsed) << url;
  return parsed ? *parsed : FtpsUrl();
}

TEST(FtpsUrl, AllParts) {
  const FtpsUrl url = good("ftps://me@files.example.com:2121/dir/file.txt");
  EXPECT_EQ(url.user, "me");
  EXPECT_EQ(url.host, "files.example.com");
  EXPECT_EQ(url.port, 2121);
  EXPECT_EQ(url.path, "dir/file.txt");
}

TEST(FtpsUrl, OnlyAHost) {
  const FtpsUrl url = good("ftps://host");
  EXPECT_EQ(url.host, "host");
  EXPECT_EQ(url.user, "");
  EXPECT_FALSE(url.port);
  EXPECT_EQ(url.path, "");
  EXPECT_EQ(good("ftps://host/").path, "");
}

TEST(FtpsUrl, PathsAsWithCurl) {
  EXPECT_EQ(good("ftps://h/a/b/").path, "a/b/");
  EXPECT_EQ(good("ftps://h//etc/motd").path, "/etc/motd");
  EXPECT_EQ(good("ftps://h/%2Fetc/motd").path, "/etc/motd");
  EXPECT_EQ(good("ftps://h/a%20b%c3%a9").path, "a b\xc3\xa9");
  EXPECT_EQ(good("ftps://h/what?#").path, "what?#") << "files may be called so";
}

TEST(FtpsUrl, UsersWithSpecialCharacters) {
  EXPECT_EQ(good("ftps://me%40corp@h/").user, "me@corp");
  EXPECT_EQ(good("ftps://me@corp@h/").user, "me@corp");
}

TEST(FtpsUrl, Refused) {
  for (const char* wrong :
       {"", "h/file", "ftp://h/", "https://h/", "ftps:///file", "ftps://@h/", "ftps://h:0/",
        "ftps://h:x/", "ftps://h:70000/", "ftps://h:21x/", "ftps://[::1]/", "ftps://a b/",
        "ftps://h/%", "ftps://h/%4", "ftps://h/%zz", "ftps://h/a%0d%0ab", "ftps://h/a\x01"}) {
    const auto parsed = parse_ftps_url(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_EQ(parsed.error().exit, Exit::usage);
  }
}

TEST(FtpsUrl, APasswordIsRefusedAndNotRepeated) {
  const auto parsed = parse_ftps_url("ftps://me:s3cret@h/");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().exit, Exit::usage);
  EXPECT_EQ(parsed.error().message.find("s3cret"), std::string::npos);
  EXPECT_NE(parsed.error().advice.at(0).find("--password-file"), std::string::npos);
}

TEST(FtpsUrl, BaseNames) {
  EXPECT_EQ(base_name("a/b/c.txt"), "c.txt");
  EXPECT_EQ(base_name("c.txt"), "c.txt");
  EXPECT_EQ(base_name("a/b/"), "b");
  EXPECT_EQ(base_name(""), "");
}

}  // namespace
}  // namespace sim52xx::ctl
