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

-- Who came after the sealing keeps the number as rank, and what it has come to: out, and out for good. Both can be before the draw is done: to a
-- draw without entrants the room is not bound, and may have let people in by another method since.
local late = {}
if room.issued > room.draw_n then
  each_chunk(room.draw_n + 1, room.issued, function(chunk, a)
    for what, key in pairs({ out = out(room, chunk), left = left(room, chunk) }) do
      if redis.call('EXISTS', key) == 1 then
        if a >= 8 then redis.call('SETRANGE', key, 0, string.rep('\0', math.floor(a / 8))) end
        for i = math.floor(a / 8) * 8, a - 1 do redis.call('SETBIT', key, i, 0) end
        local kept = new('late-' .. what, int(chunk))
        redis.call('RENAME', key, kept)
        late[#late + 1] = { what = what, chunk = chunk, key = kept }
      end
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
for _, l in ipairs(late) do
  local key = l.what == 'out' and out(room, l.chunk) or left(room, l.chunk)
  redis.call('BITOP', 'OR', key, key, l.key)
  redis.call('DEL', l.key)
  redis.call('ZADD', OUTS, int(l.chunk), int(l.chunk))
end
for _, chunk in ipairs(redis.call('ZRANGE', OUTS, 0, -1)) do
  local n = tonumber(chunk)
  if redis.call('EXISTS', left(room, n)) == 1 then redis.call('BITOP', 'OR', out(room, n), out(room, n), left(room, n)) end
  if redis.call('EXISTS', out(room, n), here(room, 0, n)) == 2 then
    local stays = BASE .. 'rest'
    redis.call('BITOP', 'NOT', stays, out(room, n))
    redis.call('BITOP', 'AND', here(room, 0, n), here(room, 0, n), stays)
    redis.call('DEL', stays)
  end
end
save(room, 'gen', 'draw', 'scan', 'top', 'stamp')
local leavers = redis.call('LRANGE', BASE .. 'leavers', 0, -1)
redis.call('DEL', BASE .. 'leavers')
return { 'ok', leavers }
