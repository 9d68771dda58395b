// Chapters 3 and 6.2 of the note, played by a hand-written host. What the modem must say is typed
// from the note, with the names of real firmware; then once more with the note's misprints.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

// The note says 193 bytes; with its blanks and CR LF behind each line these are 192.
const std::string listing =
    "drw-rw-rw-  1 user      group          0 Sep  1 18:01 .\r\n"
    "drw-rw-rw-  1 user      group          0 Sep  1 18:01 ..\r\n"
    "-rw-rw-rw-  1 user      group         2017 Sep  1 17:24 19800106_000128.jpg\r\n";

class NoteFtps : public testing::Test {
 protected:
  void log_in() {
    rig.say("ATE0\r");
    EXPECT_EQ(rig.say("AT+CFTPSSTART\r"), ok_line);
    EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"www.myftpsserver.com\", 990, \"myname\", \"mypassword\"\r"),
              "");
    EXPECT_EQ(rig.ftp.calls.back(), "login www.myftpsserver.com:990 myname mypassword");
    EXPECT_EQ(rig.ftp_done(FtpsError::success, "/"), ok_line);
  }
  // A command that waits for the server, which is asked for `asked` and agrees.
  std::string served(const std::string& command, const std::string& asked,
                     const std::string& directory = {}) {
    EXPECT_EQ(rig.say(command + "\r"), "") << command;
    EXPECT_EQ(rig.ftp.calls.back(), asked) << command;
    return rig.ftp_done(FtpsError::success, directory);
  }

  Rig rig;
};

TEST_F(NoteFtps, SessionAndDirectories) {
  log_in();
  EXPECT_EQ(served("AT+CFTPSPWD", "pwd", "/"), "\r\n+CFTPSPWD: \"/\"\r\n" + ok_line);
  EXPECT_EQ(served("AT+CFTPSMKD=\"testdir\"", "mkd /testdir"), ok_line);
  EXPECT_EQ(served("AT+CFTPSRMD=\"testdir\"", "rmd /testdir"), ok_line);
  EXPECT_EQ(served("AT+CFTPSDELE=\"testdelfile.txt\"", "dele /testdelfile.txt"), ok_line);
  EXPECT_EQ(served("AT+CFTPSCWD= \"/mysubdir\"", "cwd /mysubdir", "/mysubdir"), ok_line);
  EXPECT_EQ(served("AT+CFTPSPWD", "pwd", "/mysubdir"),
            "\r\n+CFTPSPWD: \"/mysubdir\"\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSTYPE=I\r"), ok_line);
  EXPECT_EQ(served("AT+CFTPSLOGOUT", "logout"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), ok_line);
}

TEST_F(NoteFtps, List) {
  log_in();
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), ok_line);
  EXPECT_EQ(rig.ftp.calls.back(), "list /");
  rig.ftp_received(listing);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSLIST: DATA," + std::to_string(listing.size()) + "\r\n" +
                                listing + "\r\n\r\n+CFTPSLIST: 0\r\n");
}

TEST_F(NoteFtps, FilesOfTheModem) {
  log_in();
  EXPECT_EQ(rig.say("AT+CFTPSGETFILE=\"testfile.jpg\",1\r"), ok_line);
  EXPECT_EQ(rig.ftp.calls.back(), "get /testfile.jpg 0 I");
  EXPECT_EQ(rig.ftp_received("a picture"), "");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSGETFILE: 0\r\n");
  EXPECT_EQ(rig.files.read("C:/Picture/testfile.jpg", 0, 100), "a picture");
  EXPECT_EQ(rig.say("AT+CFTPSPUTFILE=\"testfile.jpg\",1\r"), ok_line);
  EXPECT_EQ(rig.ftp.calls.at(rig.ftp.calls.size() - 2), "put /testfile.jpg 0 I");
  EXPECT_EQ(rig.ftp.calls.back(), "end");
  EXPECT_EQ(rig.ftp.sent, "a picture");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSPUTFILE: 0\r\n");
}

// 6.2: blocks of 1024 and 1058 bytes in two shapes; 3.13 has 1020 and 1058.
TEST_F(NoteFtps, GetInBlocks) {
  log_in();
  rig.set("ftps_block", 1024);
  rig.set("ftps_block_2", 1058);
  rig.set("ftps_data", "mixed");
  const std::string first(1024, 'a');
  const std::string second(1058, 'b');
  EXPECT_EQ(rig.say("AT+CFTPSGET=\"testfile.jpg\"\r"), ok_line);
  EXPECT_EQ(rig.ftp_received(first + second), "\r\n+CFTPSGET: DATA, 1024,\r\n" + first +
                                                  "\r\n\r\n+CFTPSGET:DATA, 1058\r\n" + second +
                                                  "\r\n");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSGET: 0\r\n");
}

// 3.11 and 6.2. The chunks have as many bytes as they are said to have: 12 and 18.
TEST_F(NoteFtps, PutInChunks) {
  log_in();
  EXPECT_EQ(rig.say("AT+CFTPSPUT=\"t1.txt\",12\r"), ">");
  EXPECT_EQ(rig.say("test content"), ok_line);
  EXPECT_EQ(rig.ftp.calls.back(), "put /t1.txt 0 I");
  EXPECT_EQ(rig.say("AT+CFTPSPUT=18\r"), ">");
  rig.ftp.slow = true;
  EXPECT_EQ(rig.say("left data put here"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSPUT?\r"), "\r\n+CFTPSPUT: 18\r\n" + ok_line);
  EXPECT_EQ(rig.ftp_release(18), "");
  EXPECT_EQ(rig.say("AT+CFTPSPUT\r"), ok_line);
  EXPECT_EQ(rig.ftp.calls.back(), "end");
  EXPECT_EQ(rig.ftp.sent, "test contentleft data put here");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSPUT: 0\r\n");
}

// 3.3 to 3.13 and 6.2 to the letter: other names, other order, other blanks.
TEST_F(NoteFtps, MisprintsToTheLetter) {
  rig.set("spelling", "note");
  rig.set("file_args", "note");
  rig.set("ftps_data", "tight");
  rig.say("ATE0\r");
  rig.say("AT+CFTPSSTART\r");
  EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r"), "\r\nERROR\r\n");
  rig.say("AT+CFTPLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"\r");
  EXPECT_EQ(rig.ftp_done(FtpsError::success, "/"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSDELE=\"mydelfile\"\r"), "\r\nERROR\r\n");
  EXPECT_EQ(served("AT+CFTPSDEL= \"mydelfile\"", "dele /mydelfile"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSTYPE=1\r"), ok_line);
  EXPECT_EQ(served("AT+CFTPSPWD", "pwd", "/mysubdir"), "\r\n+CFTPSPWD:\"/mysubdir\"\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSSLIST\r"), ok_line);
  rig.set("ftps_data", "plain");
  rig.ftp_received("x");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSSLIST: DATA,1\r\nx\r\n\r\n+CFTPSSLIST: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPGETFILE= 1, \"mygetfile.txt\"\r"), ok_line);
  rig.ftp_received("y");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPGETFILE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSGETFILE=1,\"mygetfile.txt\"\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPGETFILE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSPUTFILE=1, \"mygetfile.txt\"\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSPUTFILE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSPUTFILE=\"mygetfile.txt\",1\r"), "\r\nERROR\r\n");
  rig.set("ftps_data", "comma");
  rig.set("ftps_block", 1020);
  rig.set("ftps_block_2", 1058);
  EXPECT_EQ(rig.say("AT+CFTPGET= \"myputfile.txt\"\r"), ok_line);
  const std::string first(1020, 'a');
  const std::string second(1058, 'b');
  EXPECT_EQ(rig.ftp_received(first + second), "\r\n+CFTPGET: DATA, 1020,\r\n" + first +
                                                  "\r\n\r\n+CFTPGET: DATA, 1058,\r\n" + second +
                                                  "\r\n");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPGET: 0\r\n");
}

// 3.16: connect, transferring and close are given up after two minutes.
TEST_F(NoteFtps, TimersAreTwoMinutes) {
  rig.say("ATE0\r");
  rig.say("AT+CFTPSSTART\r");
  rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r");
  EXPECT_EQ(rig.wait(milliseconds(119999)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), "\r\nERROR\r\n");
  EXPECT_EQ(rig.ftp.calls.back(), "abort");
  rig.start_ftps();
  EXPECT_EQ(rig.say("AT+CFTPSGET=\"a\"\r"), ok_line);
  EXPECT_EQ(rig.wait(seconds(119)), "");
  EXPECT_EQ(rig.ftp_received("x"), "");
  EXPECT_EQ(rig.wait(milliseconds(119999)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), "\r\n+CFTPSGET: DATA,1\r\nx\r\n\r\n+CFTPSGET: 5\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), ok_line);
  rig.start_ftps();
  rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r");
  rig.ftp_done(FtpsError::success, "/");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), "");
  EXPECT_EQ(rig.wait(seconds(120)), "\r\nERROR\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
