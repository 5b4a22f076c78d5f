-- Tells where a rank stands, and is its heartbeat.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 gen, 5 rank, 6 its number
-- Returns  {'ok', state, admitted_at, expires_at}, the times 0 unless admitted; {'unknown'}; {'superseded'} for another epoch;
--          {'turn'} for another gen; {'invalid'} for a number that was never given

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[3]) ~= room.epoch then return { 'superseded' } end
if tonumber(ARGV[4]) ~= room.gen then return { 'turn' } end
local now, rank, number = clock(), tonumber(ARGV[5]), tonumber(ARGV[6])
if number > room.issued then settle_primary(room, now) end -- given by a process that is gone, perhaps
if number < 1 or number > room.issued then return { 'invalid' } end

local started = redis.call('ZSCORE', STARTED, int(rank))
if started then
  local expires = tonumber(started) + room.policy.session_limit_seconds * 1000
  if now < expires then
    redis.call('ZADD', ACTIVE, 'XX', int(now), int(rank))
    return { 'ok', 'admitted', tonumber(started), expires }
  end
end
local chunk = math.floor(rank / CHUNK)
if bit_of(out(room, chunk), rank) == 1 then
  return { 'ok', bit_of(left(room, chunk), rank) == 1 and 'expired' or 'passed', 0, 0 }
end

if not is_present(room, rank) then
  note_turn(room, now)
  if rank <= room.lapsed then return { 'ok', 'expired', 0, 0 } end
  room.stamp = room.stamp + 1
end
revive(room, rank)
save(room, 'scan', 'stamp')
local at = phase(room, now)
if at == 'closed' or at == 'prequeue' then return { 'ok', at, 0, 0 } end
return { 'ok', 'waiting', 0, 0 }
