#include "daemon/http/redirect.hpp"

#include <gtest/gtest.h>

namespace sim52xx::daemon::http {
namespace {

Answer answer(int status, const std::string& location) {
  Answer a;
  a.status = status;
  a.headers = {{"location", location}};
  return a;
}

Hop hop(const std::string& method, bool with_body) {
  return {*parse_url("https://a/b"),
          method,
          {{"authorization", "secret"},
           {"Cookie", "secret"},
           {"Host", "virtual"},
           {"Content-Type", "text/plain"},
           {"X-A", "b"}},
          with_body};
}

TEST(Redirect, WhichAnswersAre) {
  for (const int status : {301, 302, 303, 307, 308})
    EXPECT_TRUE(is_redirect(answer(status, "/")));
  for (const int status : {200, 201, 300, 304, 305, 306, 309, 404})
    EXPECT_FALSE(is_redirect(answer(status, "/")));
  Answer without;
  without.status = 302;
  EXPECT_FALSE(is_redirect(without));
}

struct Case {
  int status;
  const char* method;
  bool with_body;
  const char* becomes;
  bool still_with_body;
};

TEST(Redirect, MethodsAsCurlChangesThem) {
  for (const Case& c :
       {Case{301, "GET", false, "GET", false}, Case{301, "POST", true, "GET", false},
        Case{302, "POST", true, "GET", false}, Case{301, "PUT", true, "PUT", true},
        Case{302, "DELETE", false, "DELETE", false}, Case{303, "POST", true, "GET", false},
        Case{303, "PUT", true, "GET", false}, Case{303, "DELETE", false, "GET", false},
        Case{303, "HEAD", false, "HEAD", false}, Case{302, "HEAD", false, "HEAD", false},
        Case{307, "POST", true, "POST", true}, Case{308, "PUT", true, "PUT", true}}) {
    const auto next = follow(hop(c.method, c.with_body), answer(c.status, "/c"));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->method, c.becomes) << c.status << " " << c.method;
    EXPECT_EQ(next->with_body, c.still_with_body) << c.status << " " << c.method;
    EXPECT_EQ(find(next->headers, "content-type").has_value(), !c.with_body || c.still_with_body);
  }
}

TEST(Redirect, SecretsStayWithTheirServer) {
  const auto same = follow(hop("GET", false), answer(302, "https://a:443/c"));
  EXPECT_EQ(find(same->headers, "Authorization"), "secret");
  EXPECT_EQ(find(same->headers, "Host"), "virtual");
  for (const char* location : {"https://other/b", "https://a:444/b", "//a.b/"}) {
    const auto next = follow(hop("GET", false), answer(302, location));
    ASSERT_TRUE(next) << location;
    for (const char* name : {"Authorization", "Cookie", "Host"})
      EXPECT_EQ(find(next->headers, name), std::nullopt) << location << " " << name;
    EXPECT_EQ(find(next->headers, "X-A"), "b");
  }
}

TEST(Redirect, OutOfTlsIsRefused) {
  EXPECT_EQ(follow(hop("GET", false), answer(302, "http://a/")).error().kind,
            ErrorKind::unsupported);
}

}  // namespace
}  // namespace sim52xx::daemon::http
