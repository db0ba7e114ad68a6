-- Opens train.py in a real Neovim, set up by what docs/editors.md says, and writes what came of it
-- to found.json. Run in an empty folder with the page's blocks in config.lua and save.lua.

local found = {}

local function wait(what, condition)
  assert(vim.wait(60000, condition, 20), "in vain: " .. what)
end

local function codes()
  local made = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(made, diagnostic.code)
  end
  table.sort(made)
  return table.concat(made, " ")
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

local function run()
  dofile("config.lua")
  vim.cmd.edit("train.py")
  wait("diagnostics", function() return codes() == "TF601 TF901" end)
  found.diagnostics = vim.diagnostic.get(0)

  -- As one types.
  vim.api.nvim_buf_set_lines(0, 1, 1, false, { "é = '😀', tf.to_float(1)" })
  wait("news", function() return codes() == "TF601 TF901 TF901" end)
  local client = vim.lsp.get_clients({ name = "tf2lint" })[1]
  found.encoding = client.offset_encoding

  -- Hover, as K asks for it.
  vim.api.nvim_win_set_cursor(0, { 2, vim.api.nvim_get_current_line():len() - 5 })
  vim.api.nvim_win_set_cursor(0, { 2, (vim.fn.getline(2)):find("to_float") - 1 })
  local where = vim.lsp.util.make_position_params(0, client.offset_encoding)
  found.hover = client:request_sync("textDocument/hover", where, 60000, 0).result.contents.value

  -- A quick fix, as gra offers it.
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.isPreferred end,
    context = { only = { "quickfix" }, diagnostics = {} },
  })
  wait("the quick fix", function() return not text():find("to_float") end)
  found.fixed = text()
  wait("news of it", function() return codes() == "TF601 TF901" end)

  -- A comment.
  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.title == "Silence TF601 here" end,
    context = { only = { "quickfix" }, diagnostics = {} },
  })
  wait("the comment", function() return codes() == "TF901" end)

  -- On saving.
  dofile("save.lua")
  vim.cmd.write()
  found.saved = text()
  wait("silence", function() return codes() == "" end)
end

local ok, problem = pcall(run)
found.problem = not ok and tostring(problem) or nil
local file = assert(io.open("found.json", "w"))
file:write(vim.json.encode(found))
file:close()
vim.cmd("qa!")
