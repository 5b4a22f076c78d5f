-- Takes a waiting number, or one that has gone, out of the line for good.
--
-- KEYS     those of the room
-- ARGV     1 now (not used), 2 epoch, 3 number
-- Returns  {'ok'}, also when there was nothing to do; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[2]) ~= room.epoch then return { 'ok' } end
redis.call('ZREM', WAITING, ARGV[3])
redis.call('ZREM', SEEN, ARGV[3])
redis.call('ZREM', GONE, ARGV[3])
return { 'ok' }
