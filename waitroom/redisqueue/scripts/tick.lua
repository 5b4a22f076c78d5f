-- Does what is due in a room: ends sessions, drops the silent from the line, forgets what no longer matters, admits.
-- It may be called by anyone at any time; a call does at most 1,000 of each.
--
-- KEYS     those of the room
-- ARGV     1 now, 2 revocations since when (ms; inclusive; 0 for all)
-- Returns  {'ok', now, epoch, version, policy, issued, serving, waiting, active, admitted in all, admitted in the last
--          minute, {'epoch:number' of each session that ended since}}; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now, policy = clock(), room.policy

-- Nobody could be heard while nothing ticked (gateways or Redis down, or the clock was set), so silence counts only from
-- when ticking went on: an outage must not cost everybody their place.
if now < room.ticked_at or now - room.ticked_at > 5000 then room.resumed_at = now end
redis.call('HSET', ROOM, 'ticked_at', now, 'resumed_at', room.resumed_at)

local function due(key, until_ms, bound)
  return redis.call('ZRANGEBYSCORE', key, '-inf', string.format('%.0f', until_ms), 'LIMIT', 0, bound)
end

-- 1. Sessions: their pass has run out; the limit was shortened; they are silent.
local left = BOUND
local function end_due(key, until_ms)
  for _, number in ipairs(due(key, until_ms, left)) do
    end_session(room, now, tonumber(number))
    left = left - 1
  end
end
end_due(EXPIRES, now)
end_due(STARTED, now - policy.session_limit_seconds * 1000)
local idle = policy.session_idle_seconds * 1000
if now - room.resumed_at >= idle then end_due(ACTIVE, now - idle) end

-- 2. Visitors who have been silent for longer than ghost_seconds. Whoever still counts was heard at or after `alive`.
local alive = now - policy.ghost_seconds * 1000
if room.resumed_at >= alive then alive = 0 end
local function drop(number)
  redis.call('ZADD', GONE, now, number)
  redis.call('ZREM', WAITING, number)
  redis.call('ZREM', SEEN, number)
end
for _, number in ipairs(due(SEEN, alive - 1, BOUND)) do drop(number) end

-- 3. What has become too old to matter.
for _, number in ipairs(due(GONE, now - policy.return_grace_seconds * 1000 - 1, BOUND)) do
  redis.call('ZREM', GONE, number)
end
for _, member in ipairs(due(REVOKED_UNTIL, now, BOUND)) do
  redis.call('ZREM', REVOKED, member)
  redis.call('ZREM', REVOKED_UNTIL, member)
end

-- 4. Admissions, lowest number first. A silent one whom step 2 has not reached yet is dropped here rather than admitted.
local admitted = 0
local allowed = refill(room, now)
if policy.mode ~= 'hold' and policy.mode ~= 'closed' then
  local looked = 0
  while admitted < allowed and looked < BOUND do
    local next_ones = redis.call('ZRANGE', WAITING, 0, math.min(allowed - admitted, BOUND - looked) - 1)
    if #next_ones == 0 then break end
    for _, member in ipairs(next_ones) do
      looked = looked + 1
      if tonumber(redis.call('ZSCORE', SEEN, member)) < alive then
        drop(member)
      else
        admit(room, now, tonumber(member))
        redis.call('ZREM', WAITING, member)
        redis.call('ZREM', SEEN, member)
        admitted = admitted + 1
      end
    end
  end
end
settle(room, now, admitted)

local since = tonumber(ARGV[2])
if since > now then since = 0 end -- a cursor from before the clock went back
return snapshot(room, now, redis.call('ZRANGEBYSCORE', REVOKED, string.format('%.0f', since), '+inf'))
