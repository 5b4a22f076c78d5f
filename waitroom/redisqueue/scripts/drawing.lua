-- Reads the draw, or takes the step of it that needs nothing but the room as it is.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 the step: '' (only read), 'seal', 'beacon', 4 with beacon: its value
-- Returns  {'ok', epoch, state, numbers drawn, when sealed (ms; 0 before), seed, beacon's name, its value or '', root or ''}; {'unknown'};
--          {'draw'} when the draw is not at this step

local room = load_room()
if not room then return { 'unknown' } end
local now, policy, step = clock(), room.policy, ARGV[3]

if step == 'seal' then
  -- Who is present at the opening takes part. The mode says whether the room opens at all.
  local opening = room.ended == '' and policy.mode ~= 'hold' and policy.mode ~= 'closed' and now >= room.open_ms
  if room.draw ~= 'committed' or policy.method ~= 'draw' or not opening then return { 'draw' } end
  redis.call('HSET', DRAW, 'sealed_ms', int(now))
  for _, chunk in ipairs(redis.call('ZRANGE', CHUNKS, 0, -1)) do
    local n = tonumber(chunk)
    redis.call('BITOP', 'OR', BASE .. 'entrants:' .. chunk, here(room, 0, n), here(room, 1, n), here(room, 2, n))
    redis.call('ZADD', OUTS, chunk, chunk)
  end
  room.draw, room.draw_n = 'sealed', room.issued
  save(room, 'draw', 'draw_n')
elseif step == 'beacon' then
  -- Only now, and once: nobody may choose it, nor know it while entrants can still come.
  if room.draw ~= 'sealed' or redis.call('HSETNX', DRAW, 'beacon_value', ARGV[4]) == 0 then return { 'draw' } end
end
local f = redis.call('HMGET', DRAW, 'sealed_ms', 'seed', 'beacon_name', 'beacon_value', 'root')
return { 'ok', room.epoch, room.draw, room.draw_n, tonumber(f[1] or 0), f[2] or '', f[3] or '', f[4] or '', f[5] or '' }
