-- Sets the room's policy if the room still has the version that the caller looked at; makes the room if there is none.
--
-- KEYS     those of the room
-- ARGV     1 now, 2 the version looked at (0: there was no room), 3 the policy as JSON
-- Returns  as tick.lua, without revocations; {'changed'}

local room, now = load_room(), clock()
local version = room and room.version or 0
if version ~= tonumber(ARGV[2]) then return { 'changed' } end

if room then
  redis.call('HSET', ROOM, 'version', version + 1, 'policy', ARGV[3])
else
  -- The time serves as epoch: should Redis lose its data, tickets and passes from before cannot be taken for new ones.
  redis.call('HSET', ROOM, 'epoch', now, 'version', 1, 'policy', ARGV[3], 'issued', 0, 'serving', 0, 'admitted_total', 0,
    'credit', 0, 'credited_at', 0, 'recent', 0, 'ticked_at', now, 'resumed_at', now)
  redis.call('DEL', WAITING, SEEN, GONE, ACTIVE, STARTED, EXPIRES, ADMITTED, RECENT, REVOKED, REVOKED_UNTIL)
end
room = load_room()
forget(room, now)
redis.call('HSET', ROOM, 'recent', room.recent)
return snapshot(room, now, {})
