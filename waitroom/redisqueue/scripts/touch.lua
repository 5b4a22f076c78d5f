-- Marks admitted sessions as active just now; those that have ended stay ended.
--
-- KEYS     those of the room
-- ARGV     1 now, 2 epoch, 3… numbers, at most 1,000
-- Returns  {'ok'}; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[2]) ~= room.epoch then return { 'ok' } end
local now = clock()
for i = 3, #ARGV do
  redis.call('ZADD', ACTIVE, 'XX', now, ARGV[i])
end
return { 'ok' }
