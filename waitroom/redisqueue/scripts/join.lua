-- Gives the next number and, in mode open with nobody ahead, admits it at once if rate and cap allow.
--
-- KEYS     those of the room
-- ARGV     1 now
-- Returns  {'ok', epoch, number, now, ahead, admitted_at, expires_at}, the last two 0 for who must wait;
--          {'unknown'}; {'closed'} in the modes draining and closed

local room = load_room()
if not room then return { 'unknown' } end
local mode = room.policy.mode
if mode == 'draining' or mode == 'closed' then return { 'closed' } end

local now = clock()
local number = redis.call('HINCRBY', ROOM, 'issued', 1)
local ahead = redis.call('ZCARD', WAITING)

if mode == 'open' and ahead == 0 then
  if refill(room, now) > 0 then
    local expires = admit(room, now, number)
    settle(room, now, 1)
    return { 'ok', room.epoch, number, now, 0, now, expires }
  end
  redis.call('HSET', ROOM, 'recent', room.recent) -- refill may have shortened RECENT, and the sum must follow
end
redis.call('ZADD', SEEN, now, number)
redis.call('ZADD', WAITING, number, number)
return { 'ok', room.epoch, number, now, ahead, 0, 0 }
