// The FTPS family's rules beyond the note's own samples, and its knobs.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

const std::vector<std::string> when_logged_in{
    "PWD",         "CWD=\"a\"",       "MKD=\"a\"",       "RMD=\"a\"", "DELE=\"a\"", "TYPE=I",
    "LIST",        "GET=\"a\"",       "GETFILE=\"a\",1", "PUT?",      "PUT",        "PUT=1",
    "PUT=\"a\",1", "PUTFILE=\"a\",1", "LOGOUT",          "TYPE?"};

TEST(Ftps, OrderOfCommandsIsEnforced) {
  Rig rig;
  rig.say("ATE0\r");
  rig.files.write("C:/Picture/a", 0, "x");
  const std::string login = "AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r";
  EXPECT_EQ(rig.say(login), error_line);
  for (const auto& line : when_logged_in)
    EXPECT_EQ(rig.say("AT+CFTPS" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CFTPSSTART\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSSTART\r"), error_line);
  for (const auto& line : when_logged_in)
    EXPECT_EQ(rig.say("AT+CFTPS" + line + "\r"), error_line) << line;
  rig.say(login);
  EXPECT_EQ(rig.ftp_done(FtpsError::success, "/"), ok_line);
  EXPECT_EQ(rig.say(login), error_line);
  EXPECT_EQ(rig.say("AT+CFTPSPUT\r"), error_line);  // nothing to commit
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), ok_line);    // while logged in
  EXPECT_EQ(rig.ftp.calls.back(), "abort");
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), ok_line);
  rig.set("stop_idle", "error");
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), error_line);
}

TEST(Ftps, BadParametersAreErrors) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT+CFTPSSTART\r");
  const std::string too_long(257, 'x');
  for (const std::string line :
       {"=\"a\",990,\"b\"", "=\"a\",0,\"b\",\"c\"", "=\"a\",65536,\"b\",\"c\"",
        "=a,990,\"b\",\"c\"", "=\"a\",990,\"b\",\"c\",2", "=\"\",990,\"b\",\"c\""})
    EXPECT_EQ(rig.say("AT+CFTPSLOGIN" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"" + too_long + "\",990,\"b\",\"c\"\r"), error_line);
  rig.start_ftps();
  rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r");
  rig.ftp_done(FtpsError::success, "/");
  for (const std::string line :
       {"CWD=a", "CWD=\"\"", "MKD=\"a\",1", "TYPE=X", "TYPE=\"I\"", "TYPE=1", "GET=a",
        "GET=\"a\",-1", "GETFILE=\"a\"", "GETFILE=\"a\",9", "GETFILE=1,\"a\"", "GETFILE=\"a?\",1",
        "PUTFILE=\"a\",1", "PUT=\"a\",0", "PUT=\"a\",513", "PUT=\"a\"", "PUT=12"})
    EXPECT_EQ(rig.say("AT+CFTPS" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CFTPSCWD=\"" + too_long + "\"\r"), error_line);
}

TEST(Ftps, NamesThatAreNotAscii) {
  Rig rig;
  rig.start_ftps();
  EXPECT_EQ(rig.say("AT+CFTPSMKD={non-ascii}\"c3a4\"\r"), "");
  EXPECT_EQ(rig.ftp.calls.back(), "mkd /home/\xc3\xa4");
  EXPECT_EQ(rig.ftp_done(), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSMKD={non-ascii}\"c3a\"\r"), error_line);
  EXPECT_EQ(rig.say("AT+CFTPSMKD={non-ascii}\"0d\"\r"), error_line);
}

TEST(Ftps, OldFirmwareSaysOnlyError) {
  Rig rig;
  rig.start_ftps();
  for (const std::string line : {"PWD", "CWD=\"a\"", "MKD=\"a\"", "RMD=\"a\"", "DELE=\"a\""}) {
    rig.say("AT+CFTPS" + line + "\r");
    EXPECT_EQ(rig.ftp_done(FtpsError::rejected), error_line) << line;
  }
  for (const std::string name : {"LIST", "GET=\"a\"", "GETFILE=\"a\",0"}) {
    EXPECT_EQ(rig.say("AT+CFTPS" + name + "\r"), ok_line) << name;
    const auto label = name.substr(0, name.find('='));
    EXPECT_EQ(rig.ftp_done(FtpsError::rejected), "\r\n+CFTPS" + label + ": 9\r\n") << name;
  }
}

TEST(Ftps, NewFirmwareSaysTheError) {
  Rig rig;
  rig.set("ftps_style", "new");
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CFTPSSTART\r"), ok_line + "\r\n+CFTPSSTART: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\",2\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(FtpsError::network), "\r\n+CFTPSLOGIN: 10\r\n");
  rig.set("ok_order", "after");
  EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r"), "");
  EXPECT_EQ(rig.ftp_done(FtpsError::ssl_alert), "\r\n+CFTPSLOGIN: 1\r\n" + error_line);
  rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r");
  EXPECT_EQ(rig.ftp_done(FtpsError::success, "/"), "\r\n+CFTPSLOGIN: 0\r\n" + ok_line);
  rig.say("AT+CFTPSMKD=\"a\"\r");
  EXPECT_EQ(rig.ftp_done(), ok_line);
  rig.say("AT+CFTPSMKD=\"a\"\r");
  EXPECT_EQ(rig.ftp_done(FtpsError::rejected), "\r\n+CFTPSMKD: 9\r\n" + error_line);
  rig.say("AT+CFTPSPWD\r");
  EXPECT_EQ(rig.ftp_done(FtpsError::server_closed), "\r\n+CFTPSPWD: 4\r\n" + error_line);
  rig.say("AT+CFTPSLOGOUT\r");
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSLOGOUT: 0\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), "\r\n+CFTPSSTOP: 0\r\n" + ok_line);
}

TEST(Ftps, LateFirmwareTellsEveryOutcomeAfterOk) {
  Rig rig;
  rig.start_ftps();
  rig.set("ftps_style", "late");
  EXPECT_EQ(rig.say("AT+CFTPSMKD=\"a\"\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSMKD: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSPWD\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(FtpsError::success, "/x"), "\r\n+CFTPSPWD: \"/x\"\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSTYPE=A\r"), ok_line + "\r\n+CFTPSTYPE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSLOGOUT: 0\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), ok_line + "\r\n+CFTPSSTOP: 0\r\n");
}

TEST(Ftps, TheOkOfATransferMayComeWithItsFirstByte) {
  Rig rig;
  rig.start_ftps();
  rig.set("ftps_ok", "late");
  EXPECT_EQ(rig.say("AT+CFTPSGET=\"a\"\r"), "");
  EXPECT_EQ(rig.ftp_done(FtpsError::rejected), "\r\n+CFTPSGET: 9\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CFTPSGET=\"a\"\r"), "");
  EXPECT_EQ(rig.ftp_received("abc"), ok_line);
  EXPECT_EQ(rig.ftp_done(FtpsError::transfer_failed),
            "\r\n+CFTPSGET: DATA,3\r\nabc\r\n\r\n+CFTPSGET: 6\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), "");
  EXPECT_EQ(rig.ftp_done(), ok_line + "\r\n+CFTPSLIST: 0\r\n");
}

TEST(Ftps, OneOperationAtATime) {
  Rig rig;
  rig.start_ftps();
  rig.set("ftps_style", "new");
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSPWD\r"), "\r\n+CFTPSPWD: 3\r\n" + error_line);
  rig.set("ftps_logout_busy", "error");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), "\r\n+CFTPSLOGOUT: 3\r\n" + error_line);
  EXPECT_EQ(rig.ftp_done(), "\r\n+CFTPSLIST: 0\r\n");
  rig.say("AT+CFTPSPUT=\"a\",1\r");
  EXPECT_EQ(rig.say("x"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), "\r\n+CFTPSLIST: 3\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CFTPSPUT=\"b\",1\r"), "\r\n+CFTPSPUT: 3\r\n" + error_line);
}

TEST(Ftps, LogoutAndStopEndWhatRuns) {
  Rig rig;
  rig.start_ftps();
  rig.say("AT+CFTPSLIST\r");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), ok_line + "\r\n+CFTPSLIST: 6\r\n");
  EXPECT_EQ(rig.ftp.calls.back(), "abort");
  rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r");
  rig.ftp_done(FtpsError::success, "/");
  rig.say("AT+CFTPSPUT=\"a\",1\r");
  rig.say("x");
  rig.say("AT+CFTPSPUT\r");
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), ok_line + "\r\n+CFTPSPUT: 6\r\n");
}

TEST(Ftps, AServerThatWillHaveNoneOfAFile) {
  Rig rig;
  rig.start_ftps();
  rig.say("AT+CFTPSPUT=\"a\",1\r");
  rig.say("x");
  EXPECT_EQ(rig.ftp_done(FtpsError::rejected), "");
  EXPECT_EQ(rig.say("AT+CFTPSPUT=1\r"), "\r\n+CFTPSPUT: 9\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CFTPSPUT=1\r"), error_line);  // said once
  rig.say("AT+CFTPSPUT=\"a\",1\r");
  rig.say("x");
  EXPECT_EQ(rig.say("AT+CFTPSPUT\r"), ok_line);
  EXPECT_EQ(rig.ftp_done(FtpsError::transfer_failed), "\r\n+CFTPSPUT: 6\r\n");
  rig.set("ok_order", "after");
  rig.say("AT+CFTPSPUT=\"a\",1\r");
  rig.say("x");
  EXPECT_EQ(rig.say("AT+CFTPSPUT\r"), "");
  EXPECT_EQ(rig.ftp_done(FtpsError::rejected), "\r\n+CFTPSPUT: 9\r\n" + error_line);
}

TEST(Ftps, AFullCacheMakesThePutWaitOrFail) {
  Rig rig;
  rig.start_ftps();
  rig.set("cache", 10);
  rig.ftp.slow = true;
  rig.say("AT+CFTPSPUT=\"a\",8\r");
  EXPECT_EQ(rig.say("12345678"), ok_line);
  rig.say("AT+CFTPSPUT=4\r");
  EXPECT_EQ(rig.say("abcd"), "");
  EXPECT_EQ(rig.ftp_release(1), "");
  EXPECT_EQ(rig.ftp_release(1), ok_line);
  EXPECT_EQ(rig.ftp.sent, "12345678abcd");
  rig.say("AT+CFTPSPUT=4\r");
  rig.say("efgh");
  EXPECT_EQ(rig.wait(seconds(120)), error_line);
  rig.set("cache_full", "error");
  EXPECT_EQ(rig.say("AT+CFTPSPUT=4\r"), error_line);
}

TEST(Ftps, TheServerIsStoppedWhenThePortIsSlow) {
  Rig rig;
  rig.start_ftps();
  rig.say("AT+CFTPSGET=\"a\"\r");
  rig.say("A");  // a command line is being typed
  rig.ftp_received(std::string(8192, 'x'));
  EXPECT_FALSE(rig.ftp.allowed);
  EXPECT_EQ(rig.say("T\r").size(), 6U + 8U * (2U + 20U + 2U + 1024U + 2U));
  EXPECT_TRUE(rig.ftp.allowed);
}

TEST(Ftps, TransfersGoOnWhereTheyEnded) {
  Rig rig;
  rig.start_ftps();
  rig.say("AT+CFTPSTYPE=A\r");
  EXPECT_EQ(rig.say("AT+CFTPSTYPE?\r"), "\r\n+CFTPSTYPE: A\r\n" + ok_line);
  rig.say("AT+CFTPSGET=\"a\",5\r");
  EXPECT_EQ(rig.ftp.calls.back(), "get /home/a 5 A");
  rig.ftp_done();
  rig.files.write("C:/Video/a", 0, "0123456789");
  rig.say("AT+CFTPSGETFILE=\"/b/a\",2,4\r");
  EXPECT_EQ(rig.ftp.calls.back(), "get /b/a 4 A");
  rig.ftp_received("xy");
  rig.ftp_done();
  EXPECT_EQ(rig.files.read("C:/Video/a", 0, 100), "0123xy");
  EXPECT_EQ(rig.say("AT+CFTPSGETFILE=\"a\",2,7\r"), error_line);  // there are six
  rig.say("AT+CFTPSPUTFILE=\"a\",2,4\r");
  EXPECT_EQ(rig.ftp.sent, "xy");
}

TEST(Ftps, AFileThatFailsLeavesNothingBehind) {
  Rig rig;
  rig.start_ftps();
  rig.say("AT+CFTPSGETFILE=\"a\",1\r");
  rig.ftp_received("xy");
  EXPECT_EQ(rig.ftp_done(FtpsError::transfer_failed), "\r\n+CFTPSGETFILE: 6\r\n");
  EXPECT_FALSE(rig.files.facts("C:/Picture/a"));
  rig.set("efs_size", 1);
  rig.say("AT+CFTPSGETFILE=\"a\",1\r");
  EXPECT_EQ(rig.ftp_received("xy"), "\r\n+CFTPSGETFILE: 7\r\n");
  rig.set("efs_dirs", "current");
  EXPECT_EQ(rig.say("AT+CFTPSGETFILE=\"a\",1\r"), error_line);
}

TEST(Ftps, ALargeFileOfTheModemGoesPieceByPiece) {
  Rig rig;
  rig.start_ftps();
  rig.files.write("C:/Audio/a", 0, std::string(30000, 'x'));
  rig.ftp.slow = true;
  rig.say("AT+CFTPSPUTFILE=\"a\",7\r");
  EXPECT_EQ(rig.ftp.sent.size(), 10240U);
  rig.ftp_release(10240);
  EXPECT_NE(rig.ftp.calls.back(), "end");
  rig.ftp_release(10240);
  EXPECT_EQ(rig.ftp.sent.size(), 30000U);
  EXPECT_EQ(rig.ftp.calls.back(), "end");
}

TEST(Ftps, TheEndOfTheServerIsToldWhenAsked) {
  Rig rig;
  rig.start_ftps();
  rig.set("ftps_style", "new");
  rig.modem.ftps().server_closed();
  EXPECT_EQ(rig.say("AT+CFTPSLIST\r"), "\r\n+CFTPSLIST: 4\r\n" + error_line);
  rig.set("ok_order", "after");
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), "\r\n+CFTPSLOGOUT: 0\r\n" + ok_line);
}

TEST(Ftps, ALostNetworkIsToldAtTheNextOperation) {
  Rig rig;
  rig.start_ftps();
  rig.set("ftps_style", "new");
  rig.say("AT+CFTPSLIST\r");
  rig.modem.lose_network(rig.time);
  EXPECT_EQ(rig.heard(), "\r\n+CFTPSLIST: 10\r\n");
  EXPECT_EQ(rig.say("AT+CFTPSPWD\r"), "\r\n+CFTPSPWD: 10\r\n" + error_line);
}

TEST(Ftps, TheCertificateIsCheckedWithACa) {
  Settings settings;
  settings.trusts = true;
  Rig rig(settings);
  rig.start_ftps();
  EXPECT_EQ(rig.ftp.calls.back(), "login www.myftpsserver.com:990 myname mypassword verified");
}

TEST(Ftps, DelaysOfTheStack) {
  Rig rig;
  rig.say("ATE0\r");
  for (const char* knob : {"start_ms", "open_ms", "close_ms", "stop_ms"})
    rig.set(knob, 500);
  EXPECT_EQ(rig.say("AT+CFTPSSTART\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSLOGIN=\"a\",990,\"b\",\"c\"\r"), "");
  EXPECT_TRUE(rig.ftp.calls.empty());
  rig.wait(milliseconds(500));
  EXPECT_EQ(rig.ftp_done(FtpsError::success, "/"), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSLOGOUT\r"), "");
  EXPECT_EQ(rig.ftp.calls.size(), 1U);
  rig.wait(milliseconds(500));
  EXPECT_EQ(rig.ftp.calls.back(), "logout");
  EXPECT_EQ(rig.ftp_done(), ok_line);
  EXPECT_EQ(rig.say("AT+CFTPSSTOP\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), ok_line);
}

}  // namespace
}  // namespace sim52xx::sim
