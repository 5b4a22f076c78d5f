-- Stands in front of every script: the names of the keys, the clock, the room, and what presence, admitting and ending mean.
--
-- KEYS[1]  the room's hash. The other keys are made from its name (below); they share its hash tag, so all live on one node.
-- ARGV[1]  now in ms since 1970; 0 for the clock of Redis, which is what everything but a test passes.
-- ARGV[2]  'margin:epoch:number', see settle_primary: by how much the counter jumps on another Redis process, and the highest number of
--          the room and its epoch that the caller knows of (0 for none).
-- Returns  a table whose first element is 'ok', or the reason of a refusal (verdict in errors.go).
--
-- Ranks are cut into chunks of CHUNK bits. A script that Redis refuses to let write (replica, out of memory) fails at its first
-- write and is not rolled back, so the first write of each script is one that needs memory.

local ROOM = KEYS[1]
local BASE = string.sub(ROOM, 1, -5)  -- without 'room'
local ACTIVE = BASE .. 'active'       -- sorted set: rank of an admitted session by when it was last heard, ms
local STARTED = BASE .. 'started'     -- sorted set: rank of an admitted session by when it was admitted, ms
local RECENT = BASE .. 'recent'       -- list: admissions of the last minute, 'ms:count', oldest first
local REVOKED = BASE .. 'revoked'     -- sorted set: rank by when its session ended, ms
local TURNS = BASE .. 'turns'         -- list: how far the line was, 'ms:serving', oldest first; spans the return grace
local CHUNKS = BASE .. 'chunks'       -- sorted set: indexes of the chunks in which someone may be present
local OUTS = BASE .. 'outs'           -- sorted set: indexes of the chunks in which someone was admitted or has left
local DRAW = BASE .. 'draw'           -- hash: the draw, with its secret seed
local LEDGER = BASE .. 'ledger'       -- list: signed lines; outlives a reset
local SWEEP = BASE .. 'sweep'         -- list: epochs whose index of accounts is to be deleted

local CHUNK = 131072
local MINUTE = 60000    -- ms; also the credit that one admission costs, see refill
local SKEW = 60000      -- ms by which a gateway's clock may be behind: a revocation outlives its pass by this
local SLACK = 250       -- ms; more than usually lies between two ticks
local SILENCE = 5000    -- ms without a tick after which nobody can have been heard
local SETTLING = 2000   -- ms after a failover in which sessions that it lost are told again, before anyone new is admitted
local BOUND = 256       -- the most admissions and the most endings of one call
local LOOKS = 192       -- the most chunks that one call looks through
local SPAN = 128        -- bytes of a chunk that are read at a time
local BUCKETS = 131072  -- of the index of accounts

local function int(n) return string.format('%.0f', n) end

local function clock()
  local now = tonumber(ARGV[1])
  if now > 0 then return now end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

-- The room, or nil when there is none. `gen` is 1 once the ranks are those of a draw, else 0. What of the policy the scripts go by has
-- fields of its own (put.lua): this is run by every call, and to decode JSON would take as long as all the rest of it.
local function load_room()
  local f = redis.call('HMGET', ROOM, 'epoch', 'version', 'prequeue_ms', 'open_ms', 'close_ms', 'issued', 'serving', 'scan', 'top', 'gen', 'window',
    'window_at', 'credit', 'credited_at', 'recent', 'admitted_total', 'would', 'ticked_at', 'resumed_at', 'moved_at', 'lapsed', 'noted', 'noted_at',
    'limit_max', 'stamp', 'draw_n', 'ended', 'primary', 'draw', 'mode', 'method', 'rate_per_minute', 'max_active', 'burst_seconds',
    'session_idle_seconds', 'session_limit_seconds', 'ghost_seconds', 'return_grace_seconds', 'throttle')
  if not f[1] then return nil end
  local n = tonumber
  return {
    epoch = n(f[1]), version = n(f[2]), prequeue_ms = n(f[3]), open_ms = n(f[4]), close_ms = n(f[5]), issued = n(f[6]), serving = n(f[7]),
    scan = n(f[8]), top = n(f[9]), gen = n(f[10]), window = n(f[11]), window_at = n(f[12]), credit = n(f[13]), credited_at = n(f[14]),
    recent = n(f[15]), admitted_total = n(f[16]), would = n(f[17]), ticked_at = n(f[18]), resumed_at = n(f[19]), moved_at = n(f[20]),
    lapsed = n(f[21]), noted = n(f[22]), noted_at = n(f[23]), limit_max = n(f[24]), stamp = n(f[25]), draw_n = n(f[26]),
    ended = f[27], primary = f[28], draw = f[29], throttle = f[39] and read_throttle(f[39]) or nil,
    policy = {
      mode = f[30], method = f[31], rate_per_minute = n(f[32]), max_active = n(f[33]), burst_seconds = n(f[34]), session_idle_seconds = n(f[35]),
      session_limit_seconds = n(f[36]), ghost_seconds = n(f[37]), return_grace_seconds = n(f[38]),
    },
  }
end

-- Writes fields of the room down.
local function save(room, ...)
  local args = {}
  for i, name in ipairs({ ... }) do
    local value = room[name]
    args[2 * i - 1] = name
    args[2 * i] = type(value) == 'number' and int(value) or value
  end
  redis.call('HSET', ROOM, unpack(args))
end

-- What the room does just now: its mode, with the schedule, the draw and the end applied.
local function phase(room, now)
  local mode = room.policy.mode
  if room.ended ~= '' or mode == 'closed' then return 'closed' end
  if room.close_ms > 0 and now >= room.close_ms then return 'closed' end
  if room.open_ms > 0 and now < room.open_ms then
    return now >= room.prequeue_ms and 'prequeue' or 'closed'
  end
  if room.policy.method == 'draw' and room.draw ~= 'drawn' then return 'prequeue' end
  return mode
end

-- Names this Redis process. A Redis that cannot say (the embedded one) is always the same.
local function myself()
  local info = redis.pcall('INFO', 'server')
  if type(info) ~= 'string' then return '' end
  local _, before = string.find(info, 'run_id:', 1, true)
  return before and string.sub(info, before + 1, before + 40) or ''
end

-- Notices that another process serves the line than before: a replica was promoted, or Redis was restarted from its log. Either
-- may have lost what was acknowledged last, and nobody knows how much. So the counter jumps ahead by more than could have been lost: no
-- number is given twice, and a ticket that this process has never heard of is still good. The same is done when the caller knows of a
-- number that this process has not given: then another one has served the line in between, and its numbers are jumped over too.
local function settle_primary(room, now)
  local me = myself()
  local margin, epoch, known = string.match(ARGV[2], '^(%d+):(%d+):(%d+)$')
  if tonumber(epoch) ~= room.epoch or margin == '0' then known = 0 end -- without a margin there is no guard at all
  if me == room.primary and tonumber(known) <= room.issued then return end
  room.issued = math.max(room.issued, tonumber(known)) + tonumber(margin)
  room.primary, room.moved_at, room.resumed_at, room.window_at, room.stamp = me, now, now, now, room.stamp + 1
  save(room, 'issued', 'primary', 'moved_at', 'resumed_at', 'window_at', 'stamp')
end

-- The key of the presence bits of a chunk in the window so many before the current one, 0 to 2.
local function here(room, back, chunk)
  return BASE .. 'here:' .. room.gen .. ':' .. (room.window - back) % 3 .. ':' .. int(chunk)
end
local function out(room, chunk) return BASE .. 'out:' .. room.gen .. ':' .. int(chunk) end
local function left(room, chunk) return BASE .. 'left:' .. room.gen .. ':' .. int(chunk) end

-- A bitmap is made in its whole length at once; growing bit by bit, Redis would reserve twice as much.
local function allocate(key)
  if redis.call('EXISTS', key) == 0 then redis.call('SETBIT', key, CHUNK - 1, 0) end
end

-- Sets the bits from a to b of a chunk.
local function fill(key, a, b)
  allocate(key)
  local first, last = math.ceil(a / 8), math.floor((b + 1) / 8) - 1 -- the bytes that are filled whole
  if first > last then
    for i = a, b do redis.call('SETBIT', key, i, 1) end
    return
  end
  for i = a, first * 8 - 1 do redis.call('SETBIT', key, i, 1) end
  redis.call('SETRANGE', key, first, string.rep('\255', last - first + 1))
  for i = (last + 1) * 8, b do redis.call('SETBIT', key, i, 1) end
end

-- Calls f(chunk, a, b) for each chunk that the ranks from first to last touch.
local function each_chunk(first, last, f)
  for chunk = math.floor(first / CHUNK), math.floor(last / CHUNK) do
    f(chunk, math.max(first - chunk * CHUNK, 0), math.min(last - chunk * CHUNK, CHUNK - 1))
  end
end

-- Makes new numbers present. Their chunks are listed when the first of their ranks is given.
local function arrive(room, first, last)
  each_chunk(first, last, function(chunk, a, b)
    fill(here(room, 0, chunk), a, b)
    if chunk > room.top then
      redis.call('ZADD', CHUNKS, int(chunk), int(chunk))
      room.top = chunk
    end
  end)
end

-- Sets bits that say that ranks of a chunk are done with: admitted or left.
local function mark(key, chunk, first, last)
  fill(key, first, last)
  redis.call('ZADD', OUTS, int(chunk), int(chunk))
end

local function bit_of(key, rank) return redis.call('GETBIT', key, rank % CHUNK) end

local function is_present(room, rank)
  local chunk = math.floor(rank / CHUNK)
  for back = 0, 2 do
    if bit_of(here(room, back, chunk), rank) == 1 then return true end
  end
  return false
end

-- Makes one rank present that was not.
local function revive(room, rank)
  local chunk = math.floor(rank / CHUNK)
  local key = here(room, 0, chunk)
  allocate(key)
  redis.call('SETBIT', key, rank % CHUNK, 1)
  redis.call('ZADD', CHUNKS, int(chunk), int(chunk))
  room.scan = math.min(room.scan, rank)
end

-- Takes one rank out of the line for good.
local function leave(room, rank, forever)
  local chunk = math.floor(rank / CHUNK)
  if forever then mark(left(room, chunk), chunk, rank % CHUNK, rank % CHUNK) end
  mark(out(room, chunk), chunk, rank % CHUNK, rank % CHUNK)
  for back = 0, 2 do
    local key = here(room, back, chunk)
    if bit_of(key, rank) == 1 then redis.call('SETBIT', key, rank % CHUNK, 0) end
  end
end

local function moment(entry)
  local ms, value = string.match(entry, '^(%d+):(%d+)$')
  return tonumber(ms), tonumber(value)
end

-- Takes out of RECENT what is a whole minute old. What the bound leaves in makes the limit stricter, never looser.
local function forget(room, now)
  local newest = redis.call('LINDEX', RECENT, -1)
  if newest and moment(newest) > now then
    -- The clock went back. Counting everything as admitted just now keeps the limit and waits a minute at most.
    redis.call('DEL', RECENT)
    redis.call('RPUSH', RECENT, int(now) .. ':' .. int(room.recent))
  end
  for _ = 1, 1000 do
    local oldest = redis.call('LINDEX', RECENT, 0)
    if not oldest then break end
    local ms, count = moment(oldest)
    if ms > now - MINUTE then break end
    redis.call('LPOP', RECENT)
    room.recent = room.recent - count
  end
end

-- Returns how many may be admitted now. Two limits meet here: the window allows no more than the rate in any 60 s, and the credit
-- spreads admissions evenly. Credit grows by `rate` a millisecond and an admission costs 60,000, so it is whole numbers
-- throughout. It is bounded by burst_seconds' worth, so an idle room does not save up more, and by what
-- the window leaves free, so waiting for the window does not save any up either: otherwise a burst would come back every
-- minute. What has grown since the last call, up to SLACK, may stand above what the window leaves free, or low rates would lose it
-- to rounding, but never a whole admission above the burst.
local function refill(room, now)
  forget(room, now)
  local rate = rate_now(room, now)
  local free = math.max(0, rate - room.recent)
  local most = math.max(1, math.floor(rate * room.policy.burst_seconds / 60))
  local burst = math.min(most, math.max(1, free))
  local elapsed = math.min(math.max(0, now - room.credited_at), MINUTE)
  room.credit = math.min(room.credit + elapsed * rate, burst * MINUTE + math.min(elapsed, SLACK) * rate, most * MINUTE + MINUTE - 1)
  room.credited_at = now
  if now < room.moved_at + SETTLING and room.moved_at > 0 then return 0 end
  local slots = room.policy.max_active - redis.call('ZCARD', ACTIVE)
  return math.max(0, math.min(math.floor(room.credit / MINUTE), burst, free, slots))
end

-- Finds the next present ranks, lowest first, at most `allowed`, and takes them out of the line. Returns their list. Nobody is
-- present below room.scan, nor is anybody who is out.
local function take(room, allowed)
  local taken = {}
  local function seen(upto) room.scan = math.min(upto, room.issued + 1) end -- the next number given is the next one looked at
  for _ = 1, LOOKS do
    if #taken >= allowed then return taken end
    local listed = redis.call('ZRANGEBYSCORE', CHUNKS, int(math.floor(room.scan / CHUNK)), '+inf', 'LIMIT', 0, 1)
    if #listed == 0 then
      seen(room.issued + 1)
      return taken
    end
    local chunk = tonumber(listed[1])
    local begin = chunk * CHUNK
    room.scan = math.max(room.scan, begin)
    local from, at = math.floor((room.scan - begin) / 8), nil
    local keys = { here(room, 0, chunk), here(room, 1, chunk), here(room, 2, chunk) }
    for _, key in ipairs(keys) do
      local found = redis.call('BITPOS', key, 1, from)
      if found >= 0 and (not at or found < at) then at = found end
    end
    if at and begin + at > room.issued then at = nil end -- a heartbeat of a number that nobody has
    if not at then
      seen(begin + CHUNK)
      if room.scan > room.issued then return taken end
      if redis.call('EXISTS', unpack(keys)) == 0 then
        redis.call('ZREM', CHUNKS, listed[1]) -- so that long gone ranks cost nothing; the chunk that is being filled stays
      end
    else
      local byte = math.floor(at / 8)
      local done, kept, outs = SPAN, { {}, {}, {} }, {}
      local spans = {}
      for w, key in ipairs(keys) do spans[w] = redis.call('GETRANGE', key, byte, byte + SPAN - 1) end
      local out_key = out(room, chunk)
      local out_span = redis.call('GETRANGE', out_key, byte, byte + SPAN - 1)
      for i = 1, SPAN do
        local a, b, c = string.byte(spans[1], i) or 0, string.byte(spans[2], i) or 0, string.byte(spans[3], i) or 0
        local keep_a, keep_b, keep_c, o = a, b, c, string.byte(out_span, i) or 0
        local gone = o
        if a + b + c > 0 then
          local mask = 128
          for k = 0, 7 do
            local in_a, in_b, in_c, is_out = a >= mask, b >= mask, c >= mask, gone >= mask
            if is_out then gone = gone - mask end
            if in_a or in_b or in_c then
              local rank = begin + (byte + i - 1) * 8 + k
              if is_out or (#taken < allowed and rank <= room.issued) then
                if not is_out then -- always so; were it not, nobody is admitted twice
                  taken[#taken + 1] = rank
                  o = o + mask
                end
                if in_a then keep_a = keep_a - mask end
                if in_b then keep_b = keep_b - mask end
                if in_c then keep_c = keep_c - mask end
              end
              if in_a then a = a - mask end
              if in_b then b = b - mask end
              if in_c then c = c - mask end
            end
            mask = mask / 2
          end
        end
        kept[1][i], kept[2][i], kept[3][i], outs[i] = string.char(keep_a), string.char(keep_b), string.char(keep_c), string.char(o)
        if #taken >= allowed then
          done = i
          break
        end
      end
      done = math.min(done, CHUNK / 8 - byte)
      allocate(out_key)
      redis.call('SETRANGE', out_key, byte, table.concat(outs, '', 1, done))
      redis.call('ZADD', OUTS, listed[1], listed[1])
      for w, key in ipairs(keys) do
        local rest = table.concat(kept[w], '', 1, done)
        if rest ~= string.sub(spans[w], 1, done) and #spans[w] > 0 then redis.call('SETRANGE', key, byte, rest) end
      end
      seen(#taken >= allowed and taken[#taken] + 1 or begin + (byte + done) * 8)
      if room.scan > room.issued then return taken end
    end
  end
  if #taken < allowed then room.behind = true end
  return taken
end

-- Keeps in TURNS how far the line was, seldom enough that the list stays short; tells by it who was passed over too long ago.
local function note_turn(room, now)
  local grace = room.policy.return_grace_seconds * 1000
  if room.serving ~= room.noted and now - room.noted_at >= math.max(1000, math.floor(grace / 256)) then
    redis.call('RPUSH', TURNS, int(now) .. ':' .. int(room.serving))
    room.noted, room.noted_at = room.serving, now
    save(room, 'noted', 'noted_at')
  end
  for _ = 1, BOUND do
    local oldest = redis.call('LINDEX', TURNS, 0)
    if not oldest then break end
    local ms, serving = moment(oldest)
    if ms >= now - grace then break end
    redis.call('LPOP', TURNS)
    room.lapsed = math.max(room.lapsed, serving)
    save(room, 'lapsed')
  end
end

-- Begins sessions for ranks that were taken out of the line.
local function begin_sessions(room, now, ranks)
  if #ranks == 0 then return end
  local args, at = {}, int(now)
  for i, rank in ipairs(ranks) do args[2 * i - 1], args[2 * i] = at, int(rank) end
  redis.call('ZADD', ACTIVE, unpack(args))
  redis.call('ZADD', STARTED, unpack(args))
  local newest, before = redis.call('LINDEX', RECENT, -1), 0
  if newest and moment(newest) == now then
    before = select(2, moment(newest))
    redis.call('RPOP', RECENT)
  end
  redis.call('RPUSH', RECENT, int(now) .. ':' .. int(before + #ranks))
  room.recent = room.recent + #ranks
  room.admitted_total = room.admitted_total + #ranks
  room.credit = room.credit - #ranks * MINUTE
  room.serving = math.max(room.serving, ranks[#ranks])
  room.stamp = room.stamp + 1
end

-- Writes down what refill, take and begin_sessions have changed.
local function settle(room, now)
  note_turn(room, now)
  save(room, 'serving', 'scan', 'top', 'admitted_total', 'credit', 'credited_at', 'recent', 'stamp')
  if room.throttle and room.throttle.raised then redis.call('HSET', ROOM, 'throttle', throttle_text(room.throttle)) end
end

-- Ends sessions, and revokes their passes unless these have run out.
local function end_sessions(ranks, now, run_out)
  if #ranks == 0 then return end
  if not run_out then
    local args, at = {}, int(now)
    for i, rank in ipairs(ranks) do args[2 * i - 1], args[2 * i] = at, rank end
    redis.call('ZADD', REVOKED, unpack(args))
  end
  redis.call('ZREM', ACTIVE, unpack(ranks))
  redis.call('ZREM', STARTED, unpack(ranks))
end

-- The room as Go reads it (snapshot in rooms.go), with the revocations given and until when they are complete.
local function snapshot(room, now, revocations, complete)
  local text, rate, throttle = redis.call('HMGET', ROOM, 'policy', 'rate_why'), rate_now(room, now), room.throttle
  local full = room.policy.rate_per_minute
  local advised = throttle and throttle.rate or full
  return { 'ok', now, room.epoch, room.version, text[1], phase(room, now), room.ended, room.gen, room.draw, room.issued, room.serving,
    redis.call('ZCARD', ACTIVE), room.admitted_total, room.recent, room.would, room.stamp, room.window, room.primary,
    room.behind and 1 or 0, complete or now, revocations or {}, rate, advised, advised < full and text[2] or '' }
end
