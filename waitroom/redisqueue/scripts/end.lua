-- Ends the line for a reason, or goes on with it. Places are kept.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 the reason; '' to go on
-- Returns  as snapshot in lib.lua; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now = clock()
room.ended, room.version = ARGV[3], room.version + 1
save(room, 'ended', 'version')
forget(room, now)
save(room, 'recent')
return snapshot(room, now)
