#include "tests/emulator/core/knobs.hpp"

#include <algorithm>
#include <array>

namespace sim52xx::sim {
namespace {

#define SIM_FLAG(member) +[](Settings& s) -> bool& { return s.member; }
#define SIM_NUMBER(member) +[](Settings& s) -> int& { return s.member; }
#define SIM_TEXT(member) +[](Settings& s) -> std::string& { return s.member; }

const std::array table{
    Knob{"echo", SIM_FLAG(line.echo), 0, 0, "", "echo of command lines, as ATE"},
    Knob{"boot_ms", SIM_NUMBER(boot_ms), 0, 120000, "", "from reset to START"},
    Knob{"sim", SIM_TEXT(sim), 0, 0, "ready,pin,puk,absent", "state of the card"},
    Knob{"pin", SIM_TEXT(pin), 0, 0, "", "the right PIN"},
    Knob{"puk", SIM_TEXT(puk), 0, 0, "", "the right PUK"},
    Knob{"registration", SIM_NUMBER(registration), 0, 5, "", "<stat> of CREG and CGREG"},
    Knob{"csq", SIM_NUMBER(csq), 0, 99, "", "<rssi> of CSQ"},
    Knob{"clock", SIM_TEXT(clock), 0, 0, "", "answer of CCLK?; empty: the time of this machine"},
    Knob{"cch", SIM_FLAG(cch), 0, 0, "", "AT+CCHOPEN=? is known, as on later firmware"},
    Knob{"apn", SIM_TEXT(apn), 0, 0, "any,refused", "CGSOCKCONT is obeyed, or ERROR"},
    Knob{"operator", SIM_TEXT(oper), 0, 0, "", "name in COPS?"},
    Knob{"imei", SIM_TEXT(imei), 0, 0, "", "answer of CGSN"},
    Knob{"model", SIM_TEXT(model), 0, 0, "", "answer of CGMM"},
    Knob{"revision", SIM_TEXT(revision), 0, 0, "", "answer of CGMR"},
    Knob{"rate", SIM_TEXT(rate), 0, 0, "", "behind CONNECT"},
    Knob{"connect_text", SIM_TEXT(connect_text), 0, 0, "", "instead of CONNECT <rate>"},
    Knob{"escape", SIM_TEXT(escape), 0, 0, "strict,sloppy", "guard times of +++"},
    Knob{"close", SIM_TEXT(close), 0, 0, "closed,no_carrier,cssl_closed,silent",
         "what ends data mode when the peer closes"},
    Knob{"urc_online", SIM_TEXT(urc_online), 0, 0, "hold,send,drop", "URCs in data mode"},
    Knob{"refuse_session1_in_window", SIM_FLAG(refuse_session1_in_window), 0, 0, "",
         "CSSLOPEN=1 is ERROR while session 0 is transparent"},
    Knob{"spelling", SIM_TEXT(spelling), 0, 0, "real,note,both",
         "command names: real firmware's, the note's misprints instead, or both"},
    Knob{"stop_idle", SIM_TEXT(stop_idle), 0, 0, "ok,error", "xSTOP without a START"},
    Knob{"start_ms", SIM_NUMBER(start_ms), 0, 600000, "", "how long xSTART takes"},
    Knob{"open_ms", SIM_NUMBER(open_ms), 0, 600000, "", "before a stack connects"},
    Knob{"close_ms", SIM_NUMBER(close_ms), 0, 600000, "", "how long CLSE and LOGOUT take"},
    Knob{"stop_ms", SIM_NUMBER(stop_ms), 0, 600000, "", "how long CHTTPSSTOP and CFTPSSTOP take"},
    Knob{"https_limit", SIM_NUMBER(https_limit), 1, 65536, "", "largest CHTTPSSEND"},
    Knob{"https_send", SIM_TEXT(https_send), 0, 0, "stream,commit",
         "request bytes leave at once, or with the commit or a full cache"},
    Knob{"https_recv", SIM_TEXT(https_recv), 0, 0, "at_least,at_most,at_most_now",
         "what <n> of CHTTPSRECV means; at_most_now does not wait for data"},
    Knob{"https_style", SIM_TEXT(https_style), 0, 0, "old,late",
         "outcome by OK or ERROR, or by +CHTTPSxxx: <n> after an early OK"},
    Knob{"https_errors", SIM_TEXT(https_errors), 0, 0, "plain,result",
         "SEND and RECV refused by ERROR, or by +CHTTPSxxx: <n> and ERROR"},
    Knob{"https_close_gone", SIM_TEXT(https_close_gone), 0, 0, "ok,error",
         "CHTTPSCLSE once the server has closed"},
    Knob{"https_short_result", SIM_NUMBER(https_short_result), 0, 8, "",
         "<result> of a CHTTPSRECV that the server's end cut short"},
    Knob{"https_event", SIM_FLAG(https_event), 0, 0, "", "+CHTTPS: RECV EVENT announces data"},
    Knob{"https_notify", SIM_FLAG(https_notify), 0, 0, "", "+CHTTPSNOTIFY: PEER CLOSED"},
    Knob{"ftps_limit", SIM_NUMBER(ftps_limit), 1, 65536, "", "largest CFTPSPUT"},
    Knob{"ftps_block", SIM_NUMBER(ftps_block), 1, 65536, "", "bytes of a +CFTPSGET: DATA block"},
    Knob{"ftps_block_2", SIM_NUMBER(ftps_block_2), 0, 65536, "",
         "and of every second one; 0: as the first"},
    Knob{"ftps_data", SIM_TEXT(ftps_data), 0, 0, "plain,space,comma,tight,mixed",
         "\": DATA,1\", \": DATA, 1\", \": DATA, 1,\", \":DATA, 1\", the last two in turns"},
    Knob{"ftps_style", SIM_TEXT(ftps_style), 0, 0, "old,new,late",
         "OK or ERROR; +CFTPSxxx: <err> too where a manual of 2014 has it; OK, then always that"},
    Knob{"ftps_ok", SIM_TEXT(ftps_ok), 0, 0, "first,late",
         "OK of LIST, GET, GETFILE, PUTFILE: at once, or with the first byte"},
    Knob{"ftps_verify", SIM_TEXT(ftps_verify), 0, 0, "auto,yes,no",
         "CFTPSLOGIN insists on a good certificate; auto: with --ca"},
    Knob{"ftps_logout_busy", SIM_TEXT(ftps_logout_busy), 0, 0, "ok,error",
         "CFTPSLOGOUT during a transfer"},
    Knob{"ftps_notify", SIM_FLAG(ftps_notify), 0, 0, "", "+CFTPSNOTIFY: PEER CLOSED"},
    Knob{"file_args", SIM_TEXT(file_args), 0, 0, "manual,note,both",
         "CFTPSGETFILE and CFTPSPUTFILE: \"name\",<dir> or <dir>,\"name\""},
    Knob{"efs_size", SIM_NUMBER(efs_size), 0, 2147483647, "", "bytes that fit into the EFS"},
    Knob{"efs_dirs", SIM_TEXT(efs_dirs), 0, 0, "all,current", "<dir> of those: 0-8 or only 0"},
    Knob{"family_ms", SIM_NUMBER(family_ms), 0, 600000, "",
         "how long a plain HTTP or FTP command keeps the stacks out"},
    Knob{"peer_close", SIM_TEXT(peer_close), 0, 0, "cch,cssl,none",
         "what tells that a counted session's peer closed"},
    Knob{"block", SIM_NUMBER(block), 1, 65536, "", "largest +CSSLRECV"},
    Knob{"send_limit", SIM_NUMBER(send_limit), 1, 65536, "", "largest CSSLSEND"},
    Knob{"cache", SIM_NUMBER(cache), 1, 1 << 24, "", "bytes towards the peer that fit"},
    Knob{"backlog", SIM_NUMBER(backlog), 1, 1 << 24, "", "bytes from the peer that fit"},
    Knob{"cache_full", SIM_TEXT(cache_full), 0, 0, "wait,error", "CSSLSEND beyond the cache"},
    Knob{"ok_order", SIM_TEXT(ok_order), 0, 0, "before,after", "OK and the line of the outcome"},
    Knob{"start_urc", SIM_FLAG(start_urc), 0, 0, "", "CSSLSTART prints +CSSLSTART: 0"},
    Knob{"recv_event", SIM_FLAG(recv_event), 0, 0, "", "+CSSL: RECV EVENT announces data"},
    Knob{"spaces", SIM_FLAG(spaces), 0, 0, "", "a space behind commas, as the note prints"},
    Knob{"send_report", SIM_FLAG(send_report), 0, 0, "", "CSSLSET=1 is obeyed"},
    Knob{"prompt", SIM_TEXT(prompt), 0, 0, "", "the bytes of the prompt"},
    Knob{"urc_between", SIM_TEXT(urc_between), 0, 0, "", "a line between any two lines"},
    Knob{"urc_anywhere", SIM_FLAG(urc_anywhere), 0, 0, "", "URCs may split a command line"},
    Knob{"dribble", SIM_FLAG(dribble), 0, 0, "", "one byte at a time"},
    Knob{"dribble_rate", SIM_NUMBER(dribble_rate), 1, 1 << 20, "", "bytes a second of dribble"},
    Knob{"wedge", SIM_FLAG(wedge), 0, 0, "", "neither hears nor speaks"},
    Knob{"deaf", SIM_FLAG(deaf), 0, 0, "",
         "takes no bytes, as if flow control were stuck; a wedged modem takes them"},
};

#undef SIM_FLAG
#undef SIM_NUMBER
#undef SIM_TEXT

bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto comma = std::min(choices.find(','), choices.size());
    if (choices.substr(0, comma) == value) return true;
    choices.remove_prefix(std::min(comma + 1, choices.size()));
  }
  return false;
}

}  // namespace

std::span<const Knob> knobs() {
  return table;
}

KnobValue get(const Knob& knob, const Settings& settings) {
  // The members give references so that set() can use them too; nothing is written here.
  auto& all = const_cast<Settings&>(settings);
  return std::visit([&](auto member) { return KnobValue(member(all)); }, knob.member);
}

std::string set(std::string_view name, const KnobValue& value, Settings& settings) {
  const auto knob = std::ranges::find(table, name, &Knob::name);
  if (knob == table.end()) return "no such knob: " + std::string(name);
  if (knob->member.index() != value.index()) {
    static constexpr std::array<std::string_view, 3> kinds{"a boolean", "a number", "a text"};
    return std::string(name) + " takes " + std::string(kinds.at(knob->member.index()));
  }
  if (const auto* number = std::get_if<int>(&value);
      number != nullptr && (*number < knob->low || *number > knob->high))
    return std::string(name) + " takes " + std::to_string(knob->low) + " to " +
           std::to_string(knob->high);
  if (const auto* text = std::get_if<std::string>(&value);
      text != nullptr && !knob->choices.empty() && !is_choice(knob->choices, *text))
    return std::string(name) + " takes one of " + std::string(knob->choices);
  std::visit(
      [&](auto member) {
        auto& slot = member(settings);
        slot = std::get<std::remove_reference_t<decltype(slot)>>(value);
      },
      knob->member);
  return {};
}

}  // namespace sim52xx::sim
