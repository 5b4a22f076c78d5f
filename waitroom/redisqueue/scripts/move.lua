-- Moves a place to another device, or tells how often it was moved. A place has one ticket in force: the one that says the most moves.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 epoch, 4 gen, 5 rank, 6 its number, 7 what is done:
--          'offer': 8 moves so far as the ticket says, 9 digest of the code, 10 life in ms, 11 the most moves, 12 the most offers of the room, 13 a text to keep
--          'claim': 8 digest of the code, 9 digest of the key to repeat it with, '' for none
--          'moved': 8 moves as a ticket says; gen and rank do not matter
-- Returns  offer: {'ok', expires}; claim: {'ok', moves, the text that was kept}; moved: {'ok', moves};
--          {'unknown'}; {'superseded'} for another epoch; {'turn'} for another gen; {'invalid'} for a number that was never given; {'elsewhere'} for a
--          ticket not in force; {'served'} when it waits no more; {'worn'} after the most moves; {'crowded'} with the most offers; {'spent'}

local room = load_room()
if not room then return { 'unknown' } end
if tonumber(ARGV[3]) ~= room.epoch then return { 'superseded' } end
local now, rank, number, what = clock(), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
if number > room.issued then settle_primary(room, now) end -- given by a process that is gone, perhaps
if number < 1 or number > room.issued then return { 'invalid' } end

local MOVES = BASE .. 'moves'   -- hash: number by how often it was moved
local MOVED = BASE .. 'moved'   -- list: the same as it came about, 'number:moves', for the gateways to follow
local OFFERS = BASE .. 'offers' -- sorted set: number by when its offer runs out, ms
local OFFER = BASE .. 'offer:' .. int(number) -- hash: the offer that is open

local moves = tonumber(redis.call('HGET', MOVES, int(number)) or 0)
local function move_to(count)
  redis.call('HSET', MOVES, int(number), int(count))
  redis.call('RPUSH', MOVED, int(number) .. ':' .. int(count))
  moves = count
end

-- What a ticket says was true once. Less than that is known here only when a failover has lost it.
local said = what ~= 'claim' and tonumber(ARGV[8]) or 0
if said > moves then move_to(said) end
if what == 'moved' then return { 'ok', moves } end

if tonumber(ARGV[4]) ~= room.gen then return { 'turn' } end
local function served()
  return redis.call('ZSCORE', STARTED, int(rank)) or bit_of(out(room, math.floor(rank / CHUNK)), rank) == 1
end

if what == 'offer' then
  local expires = now + tonumber(ARGV[10])
  if said < moves then return { 'elsewhere' } end
  if served() then return { 'served' } end
  if moves >= tonumber(ARGV[11]) then return { 'worn' } end
  local own = tonumber(redis.call('ZSCORE', OFFERS, int(number)) or 0)
  if own <= now and redis.call('ZCOUNT', OFFERS, '(' .. int(now), '+inf') >= tonumber(ARGV[12]) then return { 'crowded' } end
  redis.call('ZADD', OFFERS, int(expires), int(number))
  redis.call('ZREMRANGEBYSCORE', OFFERS, '-inf', int(now))
  redis.call('DEL', OFFER)
  redis.call('HSET', OFFER, 'digest', ARGV[9], 'moves', int(moves), 'expires', int(expires), 'text', ARGV[13], 'claimed', '')
  redis.call('PEXPIRE', OFFER, ARGV[10])
  return { 'ok', expires }
end

local f = redis.call('HMGET', OFFER, 'digest', 'moves', 'expires', 'text', 'claimed')
if f[1] ~= ARGV[8] or now >= tonumber(f[3]) then return { 'spent' } end
local from = tonumber(f[2])
if f[5] ~= '' then
  if f[5] == ARGV[9] and moves == from + 1 then return { 'ok', moves, f[4] } end
  return { 'spent' }
end
if moves ~= from then return { 'spent' } end
if served() then return { 'served' } end
move_to(from + 1)
redis.call('HSET', OFFER, 'claimed', ARGV[9] ~= '' and ARGV[9] or 'once')
return { 'ok', moves, f[4] }
