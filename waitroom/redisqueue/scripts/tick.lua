-- Does what is due in a room: ends sessions, moves the heartbeat windows on, forgets what no longer matters, admits. It may be called
-- by anyone at any time, and its work is bounded.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 revocations since when (ms; inclusive; 0 for all)
-- Returns  as snapshot in lib.lua; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now, policy = clock(), room.policy
settle_primary(room, now)

-- Nobody could be heard while nothing ticked (gateways or Redis down, or the clock was set), so silence counts only from
-- when ticking went on: an outage must not cost anybody their place.
if now < room.ticked_at or now - room.ticked_at > SILENCE then room.resumed_at, room.window_at = now, now end
room.ticked_at = now
save(room, 'ticked_at', 'resumed_at', 'window_at')

-- 1. The next window begins, and takes the keys of the one that is now four old.
if now - room.window_at >= policy.ghost_seconds * 500 then
  room.window, room.window_at, room.stamp = room.window + 1, now, room.stamp + 1
  save(room, 'window', 'window_at')
  local keys = {}
  for _, chunk in ipairs(redis.call('ZRANGE', CHUNKS, 0, -1)) do
    keys[#keys + 1] = here(room, 0, tonumber(chunk))
    if #keys == 1000 then
      redis.call('UNLINK', unpack(keys))
      keys = {}
    end
  end
  if #keys > 0 then redis.call('UNLINK', unpack(keys)) end
end

-- 2. Sessions: the limit is reached; they are silent.
local room_left = BOUND
local function end_due(key, until_ms, run_out)
  if room_left <= 0 then return end
  local ranks = redis.call('ZRANGEBYSCORE', key, '-inf', int(until_ms), 'LIMIT', 0, room_left)
  end_sessions(ranks, now, run_out)
  room_left = room_left - #ranks
end
-- A pass is judged by the line's own clock, so one that was signed under the longest limit there was has run out by now.
local limit = policy.session_limit_seconds * 1000
end_due(STARTED, now - limit, limit >= room.limit_max)
local idle = policy.session_idle_seconds * 1000
if now - room.resumed_at >= idle then end_due(ACTIVE, now - idle) end
if room_left <= 0 then room.behind = true end

-- 3. What has become too old to matter.
local old = redis.call('ZRANGEBYSCORE', REVOKED, '-inf', int(now - room.limit_max - SKEW), 'LIMIT', 0, 1000)
if #old > 0 then redis.call('ZREM', REVOKED, unpack(old)) end
local swept = redis.call('LINDEX', SWEEP, 0)
if swept then
  local epoch, from = moment(swept)
  local keys = {}
  for bucket = from, math.min(from + BOUND, BUCKETS) - 1 do keys[#keys + 1] = BASE .. 'account:' .. int(epoch) .. ':' .. int(bucket) end
  redis.call('UNLINK', unpack(keys))
  redis.call('LPOP', SWEEP)
  if from + BOUND < BUCKETS then redis.call('LPUSH', SWEEP, int(epoch) .. ':' .. int(from + BOUND)) end
end

-- 4. Admissions, lowest rank first.
local allowed = refill(room, now)
local at = phase(room, now)
if at == 'open' or at == 'queue' or at == 'draining' then
  local ranks = take(room, math.min(allowed, BOUND))
  begin_sessions(room, now, ranks)
  if #ranks == BOUND and allowed > BOUND then room.behind = true end
end
settle(room, now)

-- 5. Revocations, a page at most.
local PAGE = 5000
local since = tonumber(ARGV[3])
if since > now then since = 0 end -- a cursor from before the clock went back
local ended = redis.call('ZRANGEBYSCORE', REVOKED, int(since), '+inf', 'LIMIT', 0, PAGE)
local complete = now
if #ended == PAGE then
  complete, room.behind = tonumber(redis.call('ZSCORE', REVOKED, ended[PAGE])), true
end
return snapshot(room, now, ended, complete)
