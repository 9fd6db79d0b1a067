-- One person a thread: their token, their seats, one request after the other.
local threads = {}

function setup(thread)
  thread:set("person", #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  local lines, n = io.lines(args[1]), 0
  project, batch = args[2], tonumber(args[3])
  for line in lines do
    n = n + 1
    if n == person then
      local words = {}
      for word in line:gmatch("%S+") do table.insert(words, word) end
      token, seats = table.remove(words, 1), words
    end
  end
  math.randomseed(os.time() + person * 7919)
  run, sent, stored, failed, starved = math.random(0, 2 ^ 30), 0, 0, 0, 0
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. token
  wrk.headers["Content-Type"] = "application/json"
end

local function answer(seat)
  sent = sent + 1
  return string.format(
    '{"assignment":"%s","value":"%d","seconds":2.5,"key":"%08x-0000-4000-8000-%04x%08x"}',
    seat, math.random(0, 9), run, person, sent)
end

function request()
  local claim = string.format('{"project":"%s","count":%d}', project, batch)
  if #seats == 0 then
    starved = starved + 1
    return wrk.format(nil, "/api/v1/projects/" .. project .. "/claims", nil, '{"count":' .. batch .. '}')
  end
  local answers = {}
  for _, seat in ipairs(seats) do table.insert(answers, answer(seat)) end
  local body = '{"answers":[' .. table.concat(answers, ",") .. '],"claim":' .. claim .. '}'
  return wrk.format(nil, "/api/v1/answers", nil, body)
end

function response(status, headers, body)
  seats = {}
  if status ~= 200 then failed = failed + 1 return end
  for _ in body:gmatch('"verdict":"stored"') do stored = stored + 1 end
  for seat in body:gmatch('{"id":"(%w+)","item"') do table.insert(seats, seat) end
end

function done(summary, latency, requests)
  local total, wrong, empty = 0, 0, 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("stored")
    wrong = wrong + thread:get("failed")
    empty = empty + thread:get("starved")
  end
  local socket = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %.3f %.3f %.3f\n", total, wrong, socket, empty,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
