#include "daemon/http/url.hpp"

#include <gtest/gtest.h>

namespace sim52xx::daemon::http {
namespace {

std::string refusal(std::string_view text) {
  const auto url = parse_url(text);
  return url ? "accepted: " + url->host + url->target : url.error().message;
}

TEST(Url, PartsAreTakenApart) {
  const auto url = parse_url("https://www.mywebsite.com:8443/a/b?q=1&r=%20#part");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "www.mywebsite.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?q=1&r=%20");
  EXPECT_EQ(url->authority(), "www.mywebsite.com:8443");
}

TEST(Url, WhatIsLeftOutIsFilledIn) {
  for (const char* text : {"https://www.mywebsite.com", "HTTPS://WWW.MyWebsite.COM/",
                           "https://www.mywebsite.com:443", "https://www.mywebsite.com:#x"}) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->host, "www.mywebsite.com") << text;
    EXPECT_EQ(url->port, 443) << text;
    EXPECT_EQ(url->target, "/") << text;
    EXPECT_EQ(url->authority(), "www.mywebsite.com") << text;
  }
  EXPECT_EQ(parse_url("https://host?q=1")->target, "/?q=1");
  EXPECT_EQ(parse_url("https://192.0.2.7/x")->host, "192.0.2.7");
}

TEST(Url, RefusalsSayWhy) {
  EXPECT_EQ(refusal(""), "url is empty");
  EXPECT_EQ(refusal("http://host/"), "url begins with http://; only https:// is served");
  EXPECT_EQ(refusal("ftp://host/"), "url does not begin with https://");
  EXPECT_EQ(refusal("host/"), "url does not begin with https://");
  EXPECT_EQ(refusal("https://"), "url has a host that is empty");
  EXPECT_EQ(refusal("https:///path"), "url has a host that is empty");
  EXPECT_EQ(refusal("https://host/a b"), "url contains a space");
  EXPECT_EQ(refusal("https://host/\r\nAT"), "url contains a carriage return");
  EXPECT_EQ(refusal("https://host/\nAT"), "url contains a line feed");
  EXPECT_EQ(refusal(std::string_view("https://host/\0", 14)), "url contains a NUL byte");
  EXPECT_EQ(refusal("https://host/\x1a"), "url contains a control byte");
  EXPECT_EQ(refusal("https://host\"/"), "url contains a quote");
  EXPECT_EQ(refusal("https://host/\xc3\xa4"), "url contains a byte that is not ASCII");
  EXPECT_EQ(refusal("https://me:secret@host/"),
            "url contains credentials; put them into an Authorization header");
  EXPECT_EQ(refusal("https://host\\x/"), "url has a host that is not a host name or address");
}

TEST(Url, PortsAreNumbersOfPorts) {
  for (const char* port : {"0", "65536", "99999999999", "-1", "+1", "44x", "4 4", "443:1"})
    EXPECT_NE(refusal("https://host:" + std::string(port)).find("url "), std::string::npos) << port;
  EXPECT_EQ(parse_url("https://host:65535")->port, 65535);
  EXPECT_FALSE(parse_url("https://host:65536"));
  EXPECT_FALSE(parse_url("https://host:0"));
}

TEST(Url, Ipv6IsUnsupported) {
  const auto url = parse_url("https://[2001:db8::1]/");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().kind, ErrorKind::unsupported);
}

TEST(Url, LengthsHaveLimits) {
  EXPECT_TRUE(parse_url("https://" + std::string(256, 'h') + "/"));
  EXPECT_FALSE(parse_url("https://" + std::string(257, 'h') + "/"));
  EXPECT_TRUE(parse_url("https://h/" + std::string(2047, 'p')));
  const auto url = parse_url("https://h/" + std::string(2048, 'p'));
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().kind, ErrorKind::invalid);
  EXPECT_EQ(url.error().message.find("ppp"), std::string::npos);
  EXPECT_FALSE(parse_url("https://h/" + std::string(10240, 'p')));
}

struct Redirect {
  std::string_view location;
  std::string_view leads_to;
};

// RFC 3986, 5.4.1 and 5.4.2, as far as they are about http.
TEST(Url, RelativeReferences) {
  const Url base = *parse_url("https://a/b/c/d;p?q");
  constexpr Redirect table[] = {
      {"g", "/b/c/g"},
      {"./g", "/b/c/g"},
      {"g/", "/b/c/g/"},
      {"/g", "/g"},
      {"?y", "/b/c/d;p?y"},
      {"g?y", "/b/c/g?y"},
      {"#s", "/b/c/d;p?q"},
      {"g#s", "/b/c/g"},
      {"g?y#s", "/b/c/g?y"},
      {";x", "/b/c/;x"},
      {"g;x", "/b/c/g;x"},
      {"g;x?y#s", "/b/c/g;x?y"},
      {"", "/b/c/d;p?q"},
      {".", "/b/c/"},
      {"./", "/b/c/"},
      {"..", "/b/"},
      {"../", "/b/"},
      {"../g", "/b/g"},
      {"../..", "/"},
      {"../../", "/"},
      {"../../g", "/g"},
      {"../../../g", "/g"},
      {"../../../../g", "/g"},
      {"/./g", "/g"},
      {"/../g", "/g"},
      {"g.", "/b/c/g."},
      {".g", "/b/c/.g"},
      {"g..", "/b/c/g.."},
      {"..g", "/b/c/..g"},
      {"./../g", "/b/g"},
      {"./g/.", "/b/c/g/"},
      {"g/./h", "/b/c/g/h"},
      {"g/../h", "/b/c/h"},
      {"g;x=1/./y", "/b/c/g;x=1/y"},
      {"g;x=1/../y", "/b/c/y"},
      {"g?y/./x", "/b/c/g?y/./x"},
      {"g?y/../x", "/b/c/g?y/../x"},
  };
  for (const auto& [location, leads_to] : table) {
    const auto url = resolve(base, location);
    ASSERT_TRUE(url) << location;
    EXPECT_EQ(url->target, leads_to) << location;
    EXPECT_TRUE(url->same_server(base)) << location;
  }
}

TEST(Url, RedirectsToOtherServers) {
  const Url base = *parse_url("https://a:8443/b");
  EXPECT_EQ(resolve(base, "//other/x")->authority(), "other");
  EXPECT_EQ(resolve(base, "https://a/x")->port, 443);
  EXPECT_FALSE(resolve(base, "https://a/x")->same_server(base));
  EXPECT_EQ(resolve(base, "HTTPS://Other:444/x")->authority(), "other:444");
  EXPECT_EQ(resolve(base, "/x?u=https://other/")->authority(), "a:8443");
}

TEST(Url, RedirectsOutOfTlsAreRefused) {
  const Url base = *parse_url("https://a/b");
  for (const char* location : {"http://a/b", "HTTP://a/", "ftp://a/", "javascript:x"}) {
    const auto url = resolve(base, location);
    ASSERT_FALSE(url) << location;
    EXPECT_EQ(url.error().kind, ErrorKind::unsupported) << location;
  }
}

TEST(Url, WhatServersWriteIntoLocationIsEncoded) {
  const Url base = *parse_url("https://a/b");
  EXPECT_EQ(resolve(base, "/x y\"\xc3\xa4")->target, "/x%20y%22%C3%A4");
  EXPECT_EQ(resolve(base, "/x\r\ny")->target, "/x%0D%0Ay");
  EXPECT_FALSE(resolve(base, "/" + std::string(1000, '\x80')));  // too long once encoded
}

}  // namespace
}  // namespace sim52xx::daemon::http
