// The sample dialogues of the note's chapters 3 and 6.2.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/sample.hpp"

namespace sim52xx {
namespace {

using test::play;
using enum CommandId;

const std::string ok = "\r\nOK\r\n";
const std::string prompt = "\r\n>";

// With the columns of ls, which the note's typesetting lost: then it has its 193 bytes.
const std::string listing =
    "drw-rw-rw-   1 user     group           0 Sep  1 18:01 .\r\n"
    "drw-rw-rw-   1 user     group           0 Sep  1 18:01 ..\r\n"
    "-rw-rw-rw-   1 user     group        2017 Sep  1 17:24 19800106_000128.jpg\r\n";

// Bytes of a file that would trip a parser which looks at them.
std::string file(std::size_t size) {
  const std::string bait = "\r\nOK\r\n\r\nERROR\r\n>+CFTPSGET: 0\r\n";
  std::string bytes;
  while (bytes.size() < size)
    bytes += bait;
  return bytes.substr(0, size);
}

TEST(NoteFtps, start) {
  play({"3.1", ftps_start, "AT+CFTPSSTART", {ok}});
}

TEST(NoteFtps, login) {
  const std::string arguments = "=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"";
  play({"3.2", ftps_login, "AT+CFTPSLOGIN" + arguments, {ok}});
  play({"6.2", ftps_login, "AT+CFTPLOGIN" + arguments, {ok}});
}

TEST(NoteFtps, pwd) {
  play({.chapter = "3.3",
        .id = ftps_pwd,
        .host = "AT+CFTPSPWD",
        .modem = {"\r\n+CFTPSPWD: \"/\"\r\n", ok},
        .lines = {"+CFTPSPWD: \"/\""}});
  play({.chapter = "6.2",
        .id = ftps_pwd,
        .host = "AT+CFTPSPWD",
        .modem = {"\r\n+CFTPSPWD:\"/mysubdir\"\r\n", ok},
        .lines = {"+CFTPSPWD:\"/mysubdir\""}});
}

TEST(NoteFtps, a_directory_that_is_a_number_is_no_result) {
  play({.chapter = "3.3",
        .id = ftps_pwd,
        .host = "AT+CFTPSPWD",
        .modem = {"\r\n+CFTPSPWD: \"7\"\r\n", ok},
        .lines = {"+CFTPSPWD: \"7\""}});
}

TEST(NoteFtps, directories_and_files) {
  play({"3.4", ftps_cwd, "AT+CFTPSCWD=\"/mysubdir\"", {ok}});
  play({"3.5", ftps_mkdir, "AT+CFTPSMKD=\"mynewdir\"", {ok}});
  play({"3.6", ftps_rmdir, "AT+CFTPSRMD=\"mynewdir\"", {ok}});
  play({"3.7", ftps_delete, "AT+CFTPSDEL=\"mydelfile\"", {ok}});
  play({"6.2", ftps_mkdir, "AT+CFTPSMKD=\"testdir\"", {ok}});
  play({"6.2", ftps_rmdir, "AT+CFTPSRMD=\"testdir\"", {ok}});
  play({"6.2", ftps_delete, "AT+CFTPSDEL=\"testdelfile.txt\"", {ok}});
  play({"real", ftps_delete, "AT+CFTPSDELE=\"testdelfile.txt\"", {ok}});
}

TEST(NoteFtps, a_refusal_with_its_number) {
  play({.chapter = "manual",
        .id = ftps_cwd,
        .host = "AT+CFTPSCWD=\"/mysubdir\"",
        .modem = {"\r\n+CFTPSCWD: 9\r\n", "\r\nERROR\r\n"},
        .final = Final::error,
        .code = 9});
}

TEST(NoteFtps, type) {
  play({"3.8", ftps_type, "AT+CFTPSTYPE=1", {ok}});
  play({"6.2", ftps_type, "AT+CFTPSTYPE=I", {ok}});
}

TEST(NoteFtps, list) {
  ASSERT_EQ(listing.size(), 193U);
  play({.chapter = "3.9",
        .id = ftps_list,
        .host = "AT+CFTPSSLIST",
        .modem = {ok, "\r\n+CFTPSSLIST: DATA,193\r\n" + listing, "\r\n+CFTPSSLIST: 0\r\n"},
        .code = 0,
        .block = listing});
  play({.chapter = "6.2, without OK",
        .id = ftps_list,
        .host = "AT+CFTPSLIST",
        .modem = {"\r\n+CFTPSLIST: DATA,193\r\n" + listing, "\r\n+CFTPSLIST: 0\r\n"},
        .code = 0,
        .block = listing});
}

TEST(NoteFtps, put_a_file_of_the_modem) {
  for (const std::string host :
       {"AT+CFTPSPUTFILE=1,\"myputfile.txt\"", "AT+CFTPSPUTFILE=1,\"testfile.jpg\"",
        "AT+CFTPSPUTFILE=\"testfile.jpg\",1"})
    play({.chapter = "3.10, 6.2",
          .id = ftps_put_file,
          .host = host,
          .modem = {ok, "\r\n+CFTPSPUTFILE: 0\r\n"},
          .code = 0});
}

// "test content" has 12 bytes, not the 10 or 11 that the note announces.
TEST(NoteFtps, put) {
  play({"3.11", ftps_put_first, "AT+CFTPSPUT=\"myputfile.txt\",12", {prompt, ok}});
  play({"3.11", ftps_put, "AT+CFTPSPUT=1024", {prompt, ok}});
  play({"6.2", ftps_put_first, "AT+CFTPSPUT=\"t1.txt\",12", {prompt, ok}});
  play({"6.2", ftps_put, "AT+CFTPSPUT=18", {prompt, ok}});
  EXPECT_EQ(std::string("left data put here").size(), 18U);
}

TEST(NoteFtps, put_is_refused) {
  play({.chapter = "manual",
        .id = ftps_put_commit,
        .host = "AT+CFTPSPUT",
        .modem = {"\r\n+CFTPSPUT: 9\r\n", "\r\nERROR\r\n"},
        .final = Final::error,
        .code = 9});
}

TEST(NoteFtps, commit) {
  for (const std::string name : {"+CFTPSPUT", "+CFTPSSPUT"})
    play({.chapter = "3.11, 6.2",
          .id = ftps_put_commit,
          .host = "AT+CFTPSPUT",
          .modem = {ok, "\r\n" + name + ": 0\r\n"},
          .code = 0});
}

TEST(NoteFtps, query) {
  play({.chapter = "3.11",
        .id = ftps_put_query,
        .host = "AT+CFTPSPUT?",
        .modem = {"\r\n+CFTPSPUT: 1024\r\n", ok},
        .lines = {"+CFTPSPUT: 1024"}});
}

TEST(NoteFtps, get_a_file_into_the_modem) {
  play({.chapter = "3.12",
        .id = ftps_get_file,
        .host = "AT+CFTPGETFILE=1,\"mygetfile.txt\"",
        .modem = {ok, "\r\n+CFTPGETFILE: 0\r\n"},
        .code = 0,
        .never_sent = true});
  play({.chapter = "6.2",
        .id = ftps_get_file,
        .host = "AT+CFTPSGETFILE=1,\"testfile.jpg\"",
        .modem = {ok, "\r\n+CFTPSGETFILE: 0\r\n"},
        .code = 0});
}

TEST(NoteFtps, get) {
  play({.chapter = "3.13",
        .id = ftps_get,
        .host = "AT+CFTPGET=\"myputfile.txt\"",
        .modem = {ok, "\r\n+CFTPGET: DATA, 1020,\r\n" + file(1020),
                  "\r\n+CFTPGET: DATA, 1058,\r\n" + file(1058), "\r\n+CFTPGET: 0\r\n"},
        .code = 0,
        .block = file(1020) + file(1058),
        .never_sent = true});
  play({.chapter = "6.2",
        .id = ftps_get,
        .host = "AT+CFTPSGET=\"testfile.jpg\"",
        .modem = {ok, "\r\n+CFTPSGET: DATA, 1024,\r\n" + file(1024),
                  "\r\n+CFTPSGET:DATA, 1058\r\n" + file(1058), "\r\n+CFTPSGET: 0\r\n"},
        .code = 0,
        .block = file(1024) + file(1058)});
}

TEST(NoteFtps, get_breaks_off) {
  play({.chapter = "manual, without OK",
        .id = ftps_get,
        .host = "AT+CFTPSGET=\"testfile.jpg\"",
        .modem = {"\r\n+CFTPSGET: DATA,5\r\n" + file(5), "\r\n+CFTPSGET: 6\r\n"},
        .final = Final::error,
        .code = 6,
        .block = file(5)});
}

TEST(NoteFtps, logout) {
  play({"3.14", ftps_logout, "AT+CFTPSLOGOUT", {ok}});
}

TEST(NoteFtps, stop) {
  play({"3.15", ftps_stop, "AT+CFTPSSTOP", {ok}});
}

}  // namespace
}  // namespace sim52xx
