-- Ends an admitted session before its time and frees the slot.
--
-- KEYS     those of the room
-- ARGV     1 now, 2 epoch, 3 number
-- Returns  {'ok'}, also when there was nothing to do; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[2]) == room.epoch and redis.call('ZSCORE', STARTED, ARGV[3]) then
  end_session(room, clock(), tonumber(ARGV[3]))
end
return { 'ok' }
