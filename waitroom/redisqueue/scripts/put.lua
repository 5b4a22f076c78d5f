-- Sets the room's policy if the room still has the version that the caller looked at; makes the room if there is none.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 the version looked at (0: there was no room), 4 the policy as JSON, 5-7 prequeue, opening and closing (ms; 0 for
--          none), 8 a seed for the draw, in case there is one and it has none yet
-- Returns  as snapshot in lib.lua; {'changed'}; {'below', sessions active} for a cap below them; {'begun'} for a draw in a line that has
--          admitted people; {'promised'}, {'beacon'} for a change of a draw that was committed to

local room, now = load_room(), clock()
local version = room and room.version or 0
if version ~= tonumber(ARGV[3]) then return { 'changed' } end
local policy = cjson.decode(ARGV[4])
local active = redis.call('ZCARD', ACTIVE)
if room and policy.max_active < room.policy.max_active and policy.max_active < active then return { 'below', active } end
if room and policy.method == 'draw' and room.draw ~= 'drawn' and room.admitted_total > 0 then return { 'begun' } end
if room and room.draw ~= '' then
  -- What the draw is mixed with was committed to in public; and people may have come for it.
  if policy.method == 'draw' and policy.beacon ~= redis.call('HGET', DRAW, 'beacon_name') then return { 'beacon' } end
  if room.policy.method == 'draw' and policy.method ~= 'draw' and room.draw ~= 'drawn' and room.issued > 0 then return { 'promised' } end
end

-- A rate that pressure has lowered stays as low, within the new bounds; else it is the operator's.
local throttle, adaptive = '', policy.adaptive or {}
if (adaptive.stage or '') ~= '' then
  local t = { stage = adaptive.stage, least = adaptive.min_rate_per_minute, rate = policy.rate_per_minute, calm_at = 0, cut_at = 0 }
  if room and room.throttle then
    rate_now(room, now)
    local old = room.throttle
    if old.rate < room.policy.rate_per_minute then t.rate = math.min(t.rate, math.max(old.rate, t.least)) end
    t.calm_at, t.cut_at = old.calm_at, old.cut_at
  end
  throttle = throttle_text(t)
end

if not room then
  -- The time serves as epoch: should Redis lose its data, tickets and passes from before cannot be taken for new ones.
  redis.call('HSET', ROOM, 'epoch', int(now), 'version', 0, 'policy', ARGV[4], 'ended', '', 'issued', 0, 'serving', 0, 'scan', 1, 'top', -1,
    'gen', 0, 'window', 0, 'window_at', int(now), 'credit', 0, 'credited_at', 0, 'recent', 0, 'admitted_total', 0, 'would', 0, 'ticked_at', int(now),
    'resumed_at', int(now), 'moved_at', 0, 'primary', myself(), 'lapsed', 0, 'noted', 0, 'noted_at', 0, 'limit_max', 0, 'stamp', 0,
    'draw', '', 'draw_n', 0)
end
redis.call('HSET', ROOM, 'version', int(version + 1), 'policy', ARGV[4], 'prequeue_ms', ARGV[5], 'open_ms', ARGV[6], 'close_ms', ARGV[7],
  'mode', policy.mode, 'method', policy.method, 'throttle', throttle)
for _, name in ipairs({ 'rate_per_minute', 'max_active', 'burst_seconds', 'session_idle_seconds', 'session_limit_seconds', 'ghost_seconds',
  'return_grace_seconds' }) do redis.call('HSET', ROOM, name, int(policy[name])) end
room = load_room()
room.limit_max = math.max(room.limit_max, policy.session_limit_seconds * 1000)
if policy.method == 'draw' and room.draw == '' then
  redis.call('HSET', DRAW, 'seed', ARGV[8], 'beacon_name', policy.beacon)
  room.draw = 'committed'
end
forget(room, now)
save(room, 'limit_max', 'draw', 'recent')
return snapshot(room, now)
