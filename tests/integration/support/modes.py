"""The ways in which a modem may speak: every session must work in each of them. Knobs of the emulator."""

# Alone, for the long run. Sizes are those of real firmware and the awkward ones.
SINGLE = {
    "echo": {"echo": True},
    "dribble": {"dribble": True},
    "block_1": {"block": 1},
    "block_249": {"block": 249},
    "block_1024": {"block": 1024},
    "block_1058": {"block": 1058},
    "block_2048": {"block": 2048},
    "urc_registration": {"urc_between": "+CREG: 1"},
    "urc_ring": {"urc_between": "RING"},
    "urc_signal": {"urc_between": "+CSQ: 20,99"},
    "ok_before": {"ok_order": "before"},
    "ok_after": {"ok_order": "after"},
    "prompt_with_space": {"prompt": "> "},
    "prompt_on_a_line": {"prompt": "\r\n> "},
    "spaces": {"spaces": True},
    "connect_bare": {"connect_text": "CONNECT"},
    "connect_rate": {"connect_text": "CONNECT 3600000"},
    "end_as_cch": {"peer_close": "cch"},
    "end_as_cssl": {"peer_close": "cssl"},
    "data_ends_closed": {"close": "closed"},
    "data_ends_no_carrier": {"close": "no_carrier"},
    "data_ends_cssl_closed": {"close": "cssl_closed"},
    "escape_sloppy": {"escape": "sloppy"},
    "no_send_report": {"send_report": False},
    "start_report": {"start_urc": True},
    "recv_event": {"recv_event": True},
}

# In these the long run has every test of sessions once more; OK before the outcome and blocks of 1024 are what the
# emulator does unasked.
EVERYWHERE = {
    "echo": {"echo": True},
    "dribble": {"dribble": True, "dribble_rate": 200_000},
    "block_1": {"block": 1},
    "block_249": {"block": 249},
    "block_1058": {"block": 1058},
    "block_2048": {"block": 2048},
    "urcs": {"urc_between": "+CREG: 1"},
    "ok_after": {"ok_order": "after"},
}
SESSION_TESTS = {"test_alerts", "test_any_session", "test_both_lost", "test_clients", "test_counters", "test_curl",
                 "test_escape", "test_failure_table", "test_fairness", "test_modem_words", "test_mqtt", "test_no_loss",
                 "test_two_clients", "test_windows"}

# All of them in a few, for every run.
TOGETHER = {
    "echo_and_urcs": {"echo": True, "urc_between": "+CREG: 1", "ok_order": "after", "prompt": "> "},
    "dribble_and_spaces": {"dribble": True, "spaces": True, "connect_text": "CONNECT", "close": "no_carrier",
                           "peer_close": "cssl", "block": 249},
    "tiny_blocks": {"block": 1, "send_report": False, "escape": "sloppy", "close": "cssl_closed"},
    "odd_blocks": {"block": 1058, "urc_between": "RING", "prompt": "\r\n> ", "ok_order": "before", "recv_event": True},
    "large_blocks": {"block": 2048, "urc_between": "+CSQ: 20,99", "echo": True, "start_urc": True,
                     "connect_text": "CONNECT 3600000", "peer_close": "cssl", "ok_order": "after", "escape": "sloppy"},
}
