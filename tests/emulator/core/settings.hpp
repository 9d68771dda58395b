// How the emulated modem behaves: what AT&W stores, and what a test may turn (the knobs).
#pragma once

#include <cstddef>
#include <string>

namespace sim52xx::sim {

// What ATZ restores and AT&W stores; the defaults are the factory's (AT&F).
struct LineProfile {
  bool echo = true;
  bool verbose = true;
  bool quiet = false;
  int connect_detail = 1;  // ATX
  int carrier = 0;         // AT&C
  int terminal_ready = 2;  // AT&D
  int data_set_ready = 0;  // AT&S
  int flow_to_host = 0;    // AT+IFC
  int flow_to_modem = 0;
};

struct Settings {
  LineProfile line;
  LineProfile stored;

  // Times: every duration of the modem is multiplied by this.
  double time_scale = 1.0;
  int boot_ms = 3000;  // from reset to START; the other boot lines follow

  // The card and the network.
  std::string sim = "ready";  // ready, pin, puk, absent
  std::string pin = "1234";
  std::string puk = "12345678";
  int registration = 1;  // <stat> of CREG and CGREG
  int csq = 20;
  std::string clock;  // "yy/MM/dd,hh:mm:ss+zz"; empty: the time of this machine
  std::string apn = "any";  // any, refused
  bool cch = false;         // claims the commands of later firmware
  std::string oper = "Emulated";
  std::string imei = "350000000000006";
  std::string model = "SIMCOM_SIM5216A";
  std::string revision = "SIM5216A_V1.5";

  // Data mode.
  std::string rate = "115200";      // behind CONNECT
  std::string connect_text;         // replaces "CONNECT <rate>"
  std::string escape = "strict";    // strict, sloppy
  std::string close = "closed";     // end of data mode: closed, no_carrier, cssl_closed, silent
  std::string urc_online = "hold";  // URCs while in data mode: hold, send, drop
  bool refuse_session1_in_window = false;

  // All stacks.
  std::string spelling = "real";  // names: real, note (its misprints instead), both
  std::string stop_idle = "ok";   // xSTOP without a START: ok, error
  int start_ms = 0;               // how long xSTART takes
  int open_ms = 0;                // before CSSLOPEN, CHTTPSOPSE, CFTPSLOGIN connect
  int close_ms = 0;               // how long CHTTPSCLSE and CFTPSLOGOUT take
  int stop_ms = 0;                // how long CHTTPSSTOP and CFTPSSTOP take

  // The HTTPS stack. Its cache, blocks and order of OK are those of the SSL stack.
  int https_limit = 4096;               // largest CHTTPSSEND
  std::string https_send = "stream";    // bytes leave: stream (at once), commit
  std::string https_recv = "at_least";  // RECV=<n>: at_least, at_most, at_most_now (never waits)
  std::string https_style = "old";      // outcomes: old (OK, ERROR), late (OK, then +CHTTPSxxx: n)
  std::string https_errors = "plain";   // refusals: plain, result (+CHTTPSxxx: n before ERROR)
  std::string https_close_gone = "ok";  // CHTTPSCLSE once the server has closed: ok, error
  int https_short_result = 3;           // of a RECV that the server's end cut short
  bool https_event = true;              // "+CHTTPS: RECV EVENT"
  bool https_notify = false;            // "+CHTTPSNOTIFY: PEER CLOSED"

  // The FTPS stack. Its cache is that of the SSL stack.
  int ftps_limit = 512;              // largest CFTPSPUT
  int ftps_block = 1024;             // +CFTPSGET and +CFTPSLIST: size of a block,
  int ftps_block_2 = 0;              // and of every second one, where it is not 0
  std::string ftps_data = "plain";   // "DATA,1": plain, space, comma, tight, mixed
  std::string ftps_style = "old";    // outcomes: old (OK, ERROR), new, late; see answer_outcome()
  std::string ftps_ok = "first";     // OK of a transfer: first, late (with its first byte)
  std::string ftps_verify = "auto";  // the server's certificate: auto (with --ca), yes, no
  std::string ftps_logout_busy = "ok";  // CFTPSLOGOUT during a transfer: ok, error
  bool ftps_notify = false;             // "+CFTPSNOTIFY: PEER CLOSED"
  bool trusts = false;                  // --ca is given
  std::string file_args = "manual";     // GETFILE, PUTFILE: manual ("name",<dir>), note, both
  int efs_size = 128 << 20;             // bytes
  std::string efs_dirs = "all";         // their <dir>: all (0-8), current (0 only, as SIM5320)

  // The families that exclude the stacks (note, chapter 7).
  int family_ms = 500;  // how long a plain HTTP or FTP command runs

  // The SSL stack.
  std::string peer_close = "cch";   // end of a counted session: cch, cssl, none
  int block = 1024;                 // largest +CSSLRECV
  int send_limit = 1024;            // largest CSSLSEND
  int cache = 10240;                // bytes towards the peer that the modem holds
  int backlog = 8192;               // bytes from the peer that wait for the port
  std::string cache_full = "wait";  // CSSLSEND beyond the cache: wait, error
  std::string ok_order = "before";  // OK before or after the line that reports the outcome
  bool recv_event = false;          // "+CSSL: RECV EVENT,<id>" announces data
  bool start_urc = false;           // CSSLSTART also prints "+CSSLSTART: 0"
  bool send_report = true;          // CSSLSET=1 has the effect it should have

  // The line itself.
  std::string prompt = ">";
  bool spaces = false;        // "+CSSLALERT: 1, 2, 0", as the note prints it
  std::string urc_between;    // a line put between any two lines
  bool urc_anywhere = false;  // URCs may split an echo or precede a prompt's payload
  bool dribble = false;       // one byte at a time
  int dribble_rate = 500;     // so many of them a second
  bool wedge = false;         // neither hears nor speaks
  bool deaf = false;          // takes no bytes: its CTS is stuck, as it were
};

// Bytes waiting for the port above which nothing more is pushed.
inline constexpr std::size_t output_high_water = 2048;

}  // namespace sim52xx::sim
