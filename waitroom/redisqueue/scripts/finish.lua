-- Puts the drawn order in force, a chunk a call and then all at once.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 'chunk': 5 its index, 6 bits by rank of who is present, 7 of who has left;
--          or 4 'all': 5 the entrants' root, 6… the indexes of the chunks that were sent
-- Returns  {'ok', numbers of those who left since the sealing, to be taken out by their ranks}; {'unknown'}; {'draw'} when the draw is not sealed with its beacon

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[3]) ~= room.epoch or room.draw ~= 'sealed' or redis.call('HEXISTS', DRAW, 'beacon_value') == 0 then return { 'draw' } end
local function new(what, chunk) return BASE .. 'new-' .. what .. ':' .. chunk end

if ARGV[4] == 'chunk' then
  redis.call('SET', new('here', ARGV[5]), ARGV[6])
  redis.call('SET', new('left', ARGV[5]), ARGV[7])
  return { 'ok', {} }
end

redis.call('HSET', DRAW, 'root', ARGV[5])

-- Who came after the sealing keeps the number as rank, and stays out when that was so. In a room that gathers nobody is out but who has left.
local late = {}
if room.issued > room.draw_n then
  each_chunk(room.draw_n + 1, room.issued, function(chunk, a)
    local key = out(room, chunk)
    if redis.call('EXISTS', key) == 1 then
      if a >= 8 then redis.call('SETRANGE', key, 0, string.rep('\0', math.floor(a / 8))) end
      for i = math.floor(a / 8) * 8, a - 1 do redis.call('SETBIT', key, i, 0) end
      redis.call('RENAME', key, new('late', int(chunk)))
      late[#late + 1] = chunk
    end
  end)
end

local old = {}
for _, chunk in ipairs(redis.call('ZRANGE', CHUNKS, 0, -1)) do
  for window = 0, 2 do old[#old + 1] = BASE .. 'here:0:' .. window .. ':' .. chunk end
end
for _, chunk in ipairs(redis.call('ZRANGE', OUTS, 0, -1)) do
  old[#old + 1] = BASE .. 'out:0:' .. chunk
  old[#old + 1] = BASE .. 'left:0:' .. chunk
end
for i = 1, #old, 1000 do redis.call('UNLINK', unpack(old, i, math.min(i + 999, #old))) end
redis.call('DEL', CHUNKS)

room.gen, room.draw, room.scan, room.top, room.stamp = 1, 'drawn', 1, -1, room.stamp + 1
for i = 6, #ARGV do
  local chunk = tonumber(ARGV[i])
  redis.call('RENAME', new('here', ARGV[i]), here(room, 0, chunk))
  redis.call('RENAME', new('left', ARGV[i]), left(room, chunk))
  redis.call('ZADD', CHUNKS, ARGV[i], ARGV[i])
  redis.call('ZADD', OUTS, ARGV[i], ARGV[i])
  room.top = math.max(room.top, chunk)
end
if room.issued > room.draw_n then arrive(room, room.draw_n + 1, room.issued) end -- they were here a moment ago
for _, chunk in ipairs(late) do
  redis.call('BITOP', 'OR', left(room, chunk), left(room, chunk), new('late', int(chunk)))
  redis.call('DEL', new('late', int(chunk)))
  redis.call('ZADD', OUTS, int(chunk), int(chunk))
end
for _, chunk in ipairs(redis.call('ZRANGE', OUTS, 0, -1)) do
  local n = tonumber(chunk)
  if redis.call('EXISTS', left(room, n)) == 1 then
    redis.call('BITOP', 'OR', out(room, n), out(room, n), left(room, n))
    if redis.call('EXISTS', here(room, 0, n)) == 1 then
      local stays = BASE .. 'rest'
      redis.call('BITOP', 'NOT', stays, left(room, n))
      redis.call('BITOP', 'AND', here(room, 0, n), here(room, 0, n), stays)
      redis.call('DEL', stays)
    end
  end
end
save(room, 'gen', 'draw', 'scan', 'top', 'stamp')
local leavers = redis.call('LRANGE', BASE .. 'leavers', 0, -1)
redis.call('DEL', BASE .. 'leavers')
return { 'ok', leavers }
