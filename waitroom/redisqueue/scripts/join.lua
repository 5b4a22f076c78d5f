-- Gives numbers to those who join, in the order in which they stand, and admits at once whom the phase lets through.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 how many join, 4 1 for a block that is never admitted here,
--          5… for each of them that can be known again: index among them from 0, bucket and field of the account ('' for none), bucket
--          and field of the idempotency key ('' for none), the number that is known to be over (0 for none)
-- Returns  {'ok', now, epoch, phase, first number, how many numbers were given, why the others got none ('full', 'closed', 'sold_out'), highest
--          rank admitted by this call or 0, expiry of those sessions, {index, number, … of those who had one already}}; {'unknown'}

local room = load_room()
if not room then return { 'unknown' } end
local now = clock()
settle_primary(room, now)
local at = phase(room, now)

local HOUR = 3600000
local hour = math.floor(now / HOUR)
local function account_key(bucket) return BASE .. 'account:' .. int(room.epoch) .. ':' .. bucket end
local function again_key(h, bucket) return BASE .. 'again:' .. int(room.epoch) .. ':' .. int(h) .. ':' .. bucket end

-- 1. Who has a number already. The others get theirs in the order of the indexes.
local again, fresh, known = {}, {}, 0
local next_number = room.issued + 1
for i = 5, #ARGV, 6 do
  local index, over = tonumber(ARGV[i]), tonumber(ARGV[i + 5])
  local account, key = ARGV[i + 2], ARGV[i + 4]
  local number = account ~= '' and redis.call('HGET', account_key(ARGV[i + 1]), account)
  if not number and key ~= '' then
    number = redis.call('HGET', again_key(hour, ARGV[i + 3]), key) or redis.call('HGET', again_key(hour - 1, ARGV[i + 3]), key)
  end
  local own = account ~= '' and 'a' .. account or 'k' .. key
  number = number and tonumber(number) or fresh[own] or (key ~= '' and fresh['k' .. key])
  if number and number ~= over then
    again[#again + 1], again[#again + 2] = int(index), int(number)
    known = known + 1
  else
    number = next_number + index - known
    fresh[own] = number
    if key ~= '' then fresh['k' .. key] = number end
    fresh[#fresh + 1] = { i, number }
  end
end

-- 2. Whom the method gives no place, or no wait.
local count = tonumber(ARGV[3]) - known
local method, block = room.policy.method, ARGV[4] == '1'
local through = (at == 'open' or at == 'queue') and not block
local given, straight, why = count, 0, 'full'
if at == 'draining' or at == 'closed' then
  given, why = 0, room.ended == 'sold_out' and 'sold_out' or 'closed'
elseif method == 'reject' and (at == 'open' or at == 'queue') then
  local allowed = block and 0 or refill(room, now)
  -- Someone may be waiting from before the method was changed, and goes first.
  local waiting = take(room, math.min(allowed, BOUND))
  begin_sessions(room, now, waiting)
  given = math.min(count, math.min(allowed, BOUND) - #waiting)
  straight = given
elseif method == 'passthrough' and through then
  straight = math.min(count, refill(room, now), BOUND)
end
local first, last = room.issued + 1, room.issued + given

-- 3. The numbers.
if given > 0 then
  room.issued = last
  save(room, 'issued')
  room.stamp = room.stamp + 1
end
for _, entry in ipairs(fresh) do
  local i, number = entry[1], entry[2]
  if number <= last then
    if ARGV[i + 2] ~= '' then redis.call('HSET', account_key(ARGV[i + 1]), ARGV[i + 2], int(number)) end
    if ARGV[i + 4] ~= '' then
      local index = again_key(hour, ARGV[i + 3])
      redis.call('HSET', index, ARGV[i + 4], int(number))
      redis.call('EXPIRE', index, 7200)
    end
  end
end

-- 4. The places, and the way through.
local highest = 0
local function straight_through(upto)
  local ranks = {}
  for rank = first, upto do ranks[#ranks + 1] = rank end
  begin_sessions(room, now, ranks)
end
if given == 0 then
  if why == 'full' then settle(room, now) end
elseif method == 'passthrough' and through then
  each_chunk(first, last, function(chunk, a, b) mark(out(room, chunk), chunk, a, b) end)
  straight_through(first + straight - 1)
  room.admitted_total = room.admitted_total + count - straight
  room.would = room.would + count - straight
  room.serving = math.max(room.serving, last)
  highest = last
  save(room, 'would')
  settle(room, now)
elseif method == 'reject' and through then
  each_chunk(first, last, function(chunk, a, b) mark(out(room, chunk), chunk, a, b) end)
  straight_through(last)
  highest = last
  settle(room, now)
else
  arrive(room, first, last)
  if at == 'open' and through then
    local ranks = take(room, math.min(refill(room, now), BOUND))
    begin_sessions(room, now, ranks)
    highest = ranks[#ranks] or 0
    settle(room, now)
  else
    save(room, 'top', 'stamp')
  end
end
return { 'ok', now, room.epoch, at, first, given, why, highest, now + room.policy.session_limit_seconds * 1000, again }
