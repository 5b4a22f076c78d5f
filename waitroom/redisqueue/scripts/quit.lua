-- Ends what a rank has. Doing so twice changes nothing.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 gen, 5 rank, 6 its number, 7 'leave' (a place), 'release' (a session), 'evict' (whichever it is)
-- Returns  {'ok'}, also when there was nothing to do; {'unknown'}; {'turn'} for another gen

local room = load_room()
if not room then return { 'unknown' } end
local rank, number, what = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
if tonumber(ARGV[3]) ~= room.epoch then return { 'ok' } end
if number > room.issued then settle_primary(room, clock()) end -- given by a process that is gone, perhaps
if number < 1 or number > room.issued then return { 'ok' } end
if tonumber(ARGV[4]) ~= room.gen then return { 'turn' } end
if redis.call('ZSCORE', STARTED, int(rank)) then
  if what ~= 'leave' then end_sessions({ int(rank) }, clock()) end
elseif bit_of(out(room, math.floor(rank / CHUNK)), rank) == 1 then
  -- With the method passthrough there are passes without a session.
  if what == 'evict' and bit_of(left(room, math.floor(rank / CHUNK)), rank) == 0 then
    redis.call('ZADD', REVOKED, int(clock()), int(rank))
  end
elseif what ~= 'release' or room.moved_at > 0 then
  -- After a failover there are passes whose sessions are forgotten; released or evicted, they must not be taken up again (touch.lua).
  if what ~= 'leave' and room.moved_at > 0 then redis.call('ZADD', REVOKED, int(clock()), int(rank)) end
  leave(room, rank, what ~= 'release')
  room.stamp = room.stamp + 1
  save(room, 'stamp')
end
return { 'ok' }
