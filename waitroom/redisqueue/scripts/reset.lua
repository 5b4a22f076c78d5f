-- Starts the line anew under a later epoch. The policy stays, and so does what the last minute has used up of the rate.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 a seed for the draw, in case there is one
-- Returns  as snapshot in lib.lua; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now = clock()
redis.call('RPUSH', SWEEP, int(room.epoch) .. ':0')

local keys = {}
local function drop(key)
  keys[#keys + 1] = key
  if #keys == 1000 then
    redis.call('UNLINK', unpack(keys))
    keys = {}
  end
end
for gen = 0, 1 do
  for _, listed in ipairs({ CHUNKS, OUTS }) do
    for _, chunk in ipairs(redis.call('ZRANGE', listed, 0, -1)) do
      for window = 0, 2 do drop(BASE .. 'here:' .. gen .. ':' .. window .. ':' .. chunk) end
      drop(BASE .. 'out:' .. gen .. ':' .. chunk)
      drop(BASE .. 'left:' .. gen .. ':' .. chunk)
      drop(BASE .. 'entrants:' .. chunk)
    end
  end
end
for _, key in ipairs({ ACTIVE, STARTED, REVOKED, TURNS, CHUNKS, OUTS, DRAW, BASE .. 'leavers',
  BASE .. 'moves', BASE .. 'moved', BASE .. 'offers' }) do drop(key) end
redis.call('UNLINK', unpack(keys))

room.epoch = math.max(now, room.epoch + 1)
for _, name in ipairs({ 'issued', 'serving', 'window', 'admitted_total', 'would', 'moved_at', 'lapsed',
  'noted', 'noted_at', 'gen', 'draw_n' }) do room[name] = 0 end
room.scan, room.top, room.window_at, room.resumed_at, room.ended, room.draw = 1, -1, now, now, '', ''
room.primary, room.stamp, room.version = myself(), room.stamp + 1, room.version + 1
room.limit_max = room.policy.session_limit_seconds * 1000
if room.policy.method == 'draw' then
  redis.call('HSET', DRAW, 'seed', ARGV[3], 'beacon_name', cjson.decode(redis.call('HGET', ROOM, 'policy')).beacon)
  room.draw = 'committed'
end
forget(room, now)
save(room, 'epoch', 'recent', 'issued', 'serving', 'window', 'admitted_total', 'would', 'moved_at', 'lapsed', 'noted',
  'noted_at', 'gen', 'draw_n', 'scan', 'top', 'window_at', 'resumed_at', 'ended', 'draw', 'primary', 'stamp', 'version', 'limit_max')
return snapshot(room, now)
