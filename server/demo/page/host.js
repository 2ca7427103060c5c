// The demo host's own script: theme, switch of agents, and what the page tells Hilo about itself.
{
  const root = document.documentElement
  const kept = () => {
    try {
      return localStorage.getItem('agora-theme')
    } catch {
      return null // storage is off in this browser
    }
  }
  const keep = (theme) => {
    try {
      localStorage.setItem('agora-theme', theme)
    } catch {
      // the choice lasts for this page then
    }
  }
  const preferred = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  let theme = new URLSearchParams(location.search).get('theme') ?? kept() ?? preferred
  root.dataset.theme = theme

  // Calls wait in this list until the widget is there.
  window.Hilo = window.Hilo || []
  window.Hilo.push(['init', { theme }])

  document.addEventListener('DOMContentLoaded', () => {
    const { record, phone, name, variables } = document.body.dataset
    if (record) window.Hilo.push(['setContext', { coordinationId: record, phone, name, variables: JSON.parse(variables) }])

    const toggle = document.querySelector('#theme')
    const show = () => {
      root.dataset.theme = theme
      toggle.textContent = theme === 'dark' ? toggle.dataset.light : toggle.dataset.dark
    }
    show()
    toggle.addEventListener('click', () => {
      theme = theme === 'dark' ? 'light' : 'dark'
      keep(theme)
      show()
      if (Array.isArray(window.Hilo)) window.Hilo.push(['init', { theme }])
      else window.Hilo.init({ theme })
    })

    document.querySelector('#agent').addEventListener('change', (event) => {
      const address = new URL(location.href)
      address.searchParams.set('agent', event.target.value)
      location.assign(address)
    })
  })
}
