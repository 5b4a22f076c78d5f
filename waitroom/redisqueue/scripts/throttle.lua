-- Stands in front of lib.lua: how pressure on the upstream moves the rate of a room (press.lua reports it, put.lua sets the bounds).

local CALM = 10000       -- ms without a report of pressure after which the rate begins to rise again
local RAISE_EVERY = 5000 -- ms between two steps up
local RAISE_STEPS = 20   -- of which so many lead from nothing to the operator's rate
local CUT_EVERY = 3000   -- ms between two steps down, whoever reports pressure; each leaves seven tenths

local function whole(n) return string.format('%.0f', n) end

-- How the upstream's state moves the rate: the stage ('watch' or 'enforce'), the least rate, the rate, when it rises next if nobody reports
-- pressure, and when it fell last. It is one text, empty where the rate is the operator's alone, so that it costs the other rooms nothing.
local function read_throttle(text)
  local stage, least, rate, calm_at, cut_at = string.match(text or '', '^(%a+):(%d+):(%d+):(%d+):(%d+)$')
  if not stage then return nil end
  return { stage = stage, least = tonumber(least), rate = tonumber(rate), calm_at = tonumber(calm_at), cut_at = tonumber(cut_at) }
end
local function throttle_text(t)
  return table.concat({ t.stage, whole(t.least), whole(t.rate), whole(t.calm_at), whole(t.cut_at) }, ':')
end

-- Raises the rate by the steps that are due, and returns the one that is in force.
local function rate_now(room, now)
  local t, full = room.throttle, room.policy.rate_per_minute
  if not t then return full end
  t.calm_at, t.cut_at = math.min(t.calm_at, now + CALM), math.min(t.cut_at, now) -- the clock may have gone back
  if t.rate < full and now >= t.calm_at then
    local steps = math.floor((now - t.calm_at) / RAISE_EVERY) + 1
    t.rate = math.min(full, t.rate + steps * math.max(1, math.floor(full / RAISE_STEPS)))
    t.calm_at = t.calm_at + steps * RAISE_EVERY
    t.raised = true
  end
  return t.stage == 'enforce' and t.rate or full
end
