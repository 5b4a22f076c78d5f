-- Marks admitted sessions as active just now; those that have ended stay ended. A session that was lost in a failover is taken
-- up again: its pass is good, so its slot is in use.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 gen, 5… pairs: rank, when it was admitted (ms); at most 1,000 pairs
-- Returns  {'ok'}; {'unknown'}; {'turn'} for another gen

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[3]) ~= room.epoch then return { 'ok' } end
if tonumber(ARGV[4]) ~= room.gen then return { 'turn' } end
local now = clock()
settle_primary(room, now)
local limit = room.policy.session_limit_seconds * 1000
local args, found = {}, 0
for i = 5, #ARGV, 2 do
  local rank, started = ARGV[i], tonumber(ARGV[i + 1])
  args[#args + 1] = int(now)
  args[#args + 1] = rank
  -- Only someone who was admitted before the failover can have been forgotten by it.
  if started <= room.moved_at and started > now - limit and not redis.call('ZSCORE', STARTED, rank)
      and bit_of(out(room, math.floor(tonumber(rank) / CHUNK)), tonumber(rank)) == 0 then
    redis.call('ZADD', STARTED, int(started), rank)
    redis.call('ZADD', ACTIVE, int(now), rank)
    room.serving = math.max(room.serving, tonumber(rank))
    leave(room, tonumber(rank), false)
    found = found + 1
  end
end
if found > 0 then
  redis.call('RPUSH', RECENT, int(now) .. ':' .. int(found)) -- later than it was, which makes the limit stricter, never looser
  room.recent, room.admitted_total, room.stamp = room.recent + found, room.admitted_total + found, room.stamp + 1
  save(room, 'recent', 'admitted_total', 'serving', 'stamp')
end
redis.call('ZADD', ACTIVE, 'XX', unpack(args))
return { 'ok' }
