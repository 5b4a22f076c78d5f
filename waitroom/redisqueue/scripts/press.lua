-- Reports that a gateway sees the room's upstream under pressure. Where the policy is adaptive the rate falls, at most once in CUT_EVERY whoever
-- reports, and rises again (rate_now in lib.lua) once nobody has for CALM.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 why, in a few words
-- Returns  as snapshot in lib.lua; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now = clock()
local t = room.throttle
if t then
  rate_now(room, now)
  t.calm_at = now + CALM
  if now - t.cut_at >= CUT_EVERY then
    t.rate = math.min(t.rate, math.max(t.least, math.floor(t.rate * 7 / 10)))
    t.cut_at = now
  end
  redis.call('HSET', ROOM, 'throttle', throttle_text(t), 'rate_why', ARGV[3])
end
forget(room, now)
save(room, 'recent')
return snapshot(room, now)
