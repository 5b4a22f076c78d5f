-- Marks as present who was heard, apart from those who are out.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 gen, 5… pairs: index of a chunk; 'b' and its bits, or 's' and offsets in it, each followed by a comma
-- Returns  {'ok'}; {'unknown'}; {'superseded'} for another epoch or gen

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[3]) ~= room.epoch or tonumber(ARGV[4]) ~= room.gen then return { 'superseded' } end
local HEARD, REST = BASE .. 'heard', BASE .. 'rest'

-- Each returns the lowest offset that is present now, or nil.
local function dense(chunk, bits)
  redis.call('SET', HEARD, bits)
  if redis.call('EXISTS', out(room, chunk)) == 1 then
    redis.call('BITOP', 'NOT', REST, out(room, chunk))
    redis.call('BITOP', 'AND', HEARD, HEARD, REST)
    redis.call('DEL', REST)
  end
  local lowest = redis.call('BITPOS', HEARD, 1)
  if lowest >= 0 then redis.call('BITOP', 'OR', here(room, 0, chunk), here(room, 0, chunk), HEARD) end
  redis.call('DEL', HEARD)
  return lowest >= 0 and lowest or nil
end
local function sparse(chunk, offsets)
  local lowest
  local key, gone = here(room, 0, chunk), out(room, chunk)
  allocate(key)
  for offset in string.gmatch(offsets, '%d+') do
    if redis.call('GETBIT', gone, offset) == 0 then
      redis.call('SETBIT', key, offset, 1)
      lowest = lowest and math.min(lowest, tonumber(offset)) or tonumber(offset)
    end
  end
  return lowest
end

for i = 5, #ARGV, 2 do
  local chunk, text = tonumber(ARGV[i]), string.sub(ARGV[i + 1], 2)
  if chunk <= math.floor(room.issued / CHUNK) then
    local lowest = (string.sub(ARGV[i + 1], 1, 1) == 'b' and dense or sparse)(chunk, text)
    if lowest then
      redis.call('ZADD', CHUNKS, int(chunk), int(chunk))
      room.scan = math.min(room.scan, chunk * CHUNK + lowest)
    end
  end
end
room.stamp = room.stamp + 1
save(room, 'scan', 'stamp')
return { 'ok' }
