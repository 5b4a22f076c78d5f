-- Tells where a number stands, and is its heartbeat.
--
-- KEYS     those of the room
-- ARGV     1 now, 2 epoch, 3 number
-- Returns  {'ok', state, ahead, admitted_at, expires_at}, the times 0 unless admitted;
--          {'unknown'}; {'superseded'} for another epoch; {'invalid'} for a number that was never given

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[2]) ~= room.epoch then return { 'superseded' } end
local number = tonumber(ARGV[3])
if number < 1 or number > room.issued then return { 'invalid' } end
local now = clock()

local started = redis.call('ZSCORE', STARTED, number)
local expires = started and tonumber(redis.call('ZSCORE', EXPIRES, number))
if started and now < expires then
  redis.call('ZADD', ACTIVE, 'XX', now, number)
  return { 'ok', 'admitted', 0, tonumber(started), expires }
end
if redis.call('GETBIT', ADMITTED, number) == 1 then return { 'ok', 'passed', 0, 0, 0 } end

if not redis.call('ZSCORE', WAITING, number) then
  local since = redis.call('ZSCORE', GONE, number)
  if not since or tonumber(since) < now - room.policy.return_grace_seconds * 1000 then
    return { 'ok', 'expired', 0, 0, 0 }
  end
  redis.call('ZADD', WAITING, number, number)
  redis.call('ZREM', GONE, number)
end
redis.call('ZADD', SEEN, now, number)
if room.policy.mode == 'closed' then return { 'ok', 'closed', 0, 0, 0 } end
return { 'ok', 'waiting', redis.call('ZRANK', WAITING, number), 0, 0 }
