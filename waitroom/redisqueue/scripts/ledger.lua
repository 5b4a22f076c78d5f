-- Adds a line to the ledger, or returns the last one.
--
-- KEYS     the room
-- ARGV     1 now, 2 jump, 3 which line this is, counted from 1; 0 to ask for the last, 4 the line
-- Returns  {'ok', number of lines, the last one or ''}; {'unknown'}; {'moved'} when it is not the next one

if redis.call('EXISTS', ROOM) == 0 then return { 'unknown' } end
local seq, length = tonumber(ARGV[3]), redis.call('LLEN', LEDGER)
if seq > 0 then
  if seq ~= length + 1 then return { 'moved' } end
  return { 'ok', redis.call('RPUSH', LEDGER, ARGV[4]), ARGV[4] }
end
return { 'ok', length, redis.call('LINDEX', LEDGER, -1) or '' }
