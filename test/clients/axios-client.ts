import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import axios, { type AxiosInstance } from 'axios'

export interface Workspace { id: number, name: string, icon: string }
export interface Template { id: string, name: string, description?: string, schema_json: object }
export interface Session { id: string, name: string, created_at: string }
export interface Document { id: string, filename: string, status: string }
export interface Member { id: number, name: string, email: string, role: string }

export interface ExtractionResult {
  id: string
  status: 'created' | 'parsing_pending' | 'processing' | 'completed' | 'failed'
  data: Record<string, Record<string, unknown>>
  audit_data: Record<string, Record<string, { reasoning?: string, sources: Array<{ chunk_id: string, text: string, page: number }> }>>
}

const MEDIA_TYPES: Readonly<Record<string, string>> = { '.pdf': 'application/pdf', '.png': 'image/png', '.jpg': 'image/jpeg' }

/** A client as those who use the API write it with axios. It knows nothing of this project. */
export class RaydocsClient {
  readonly #http: AxiosInstance

  constructor (apiKey: string, baseUrl = 'https://api.raydocs.com') {
    this.#http = axios.create({
      baseURL: baseUrl,
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json', Accept: 'application/json' }
    })
  }

  async listWorkspaces (): Promise<Workspace[]> {
    return (await this.#http.get<{ data: Workspace[] }>('/workspaces')).data.data
  }

  async createWorkspace (name: string, icon = '📊'): Promise<Workspace> {
    return (await this.#http.post<Workspace>('/workspaces/create', { name, icon })).data
  }

  async deleteWorkspace (id: number): Promise<void> {
    await this.#http.delete(`/workspaces/${id}`)
  }

  async listMembers (workspaceId: number): Promise<Member[]> {
    return (await this.#http.get<Member[]>(`/workspaces/${workspaceId}/users`)).data
  }

  async listTemplates (workspaceId: number): Promise<Template[]> {
    return (await this.#http.get<{ data: Template[] }>(`/workspaces/${workspaceId}/extractions/templates`)).data.data
  }

  async createTemplate (workspaceId: number, name: string, schema: object): Promise<Template> {
    return (await this.#http.post<Template>('/extractions/templates', { name, workspace_id: workspaceId, schema_json: schema })).data
  }

  async deleteTemplate (id: string): Promise<void> {
    await this.#http.delete(`/extractions/templates/${id}`)
  }

  /** Uploads a file from the disk; the key by which it can be used. */
  async upload (path: string): Promise<string> {
    const contentType = MEDIA_TYPES[extname(path)] ?? 'application/octet-stream'
    const { data: { key, url, headers } } = await this.#http.post<{ key: string, url: string, headers: Record<string, string> }>(
      '/vapor/signed-storage-url', { content_type: contentType, visibility: 'private' }
    )
    // A signed URL is opened by its signature: the token stays here.
    await axios.put(url, await readFile(path), { headers })
    return key
  }

  async batchCreateSessions (templateId: string, files: string[], autoExtract = true): Promise<Session[]> {
    return (await this.#http.post<Session[]>(`/extractions/templates/${templateId}/sessions/batch`, { files, settings: { auto_extract: autoExtract } })).data
  }

  async createSession (templateId: string, name: string): Promise<Session> {
    return (await this.#http.post<Session>('/extractions/sessions', { extraction_template_id: templateId, name })).data
  }

  async deleteSession (id: string): Promise<void> {
    await this.#http.delete(`/extractions/sessions/${id}`)
  }

  async addDocuments (sessionId: string, keys: string[]): Promise<Document[]> {
    return (await this.#http.post<{ data: Document[] }>(`/extractions/sessions/${sessionId}/documents/upload`, { keys })).data.data
  }

  async run (sessionId: string): Promise<ExtractionResult> {
    return (await this.#http.post<ExtractionResult>(`/extractions/sessions/${sessionId}/results`)).data
  }

  async getResult (id: string): Promise<ExtractionResult> {
    return (await this.#http.get<ExtractionResult>(`/extractions/results/${id}`)).data
  }

  /** Waits until a session has a result that is completed or failed. */
  async pollResults (sessionId: string, { interval = 2_000, attempts = 150 } = {}): Promise<ExtractionResult> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { data: { data: results } } = await this.#http.get<{ data: ExtractionResult[] }>(`/extractions/sessions/${sessionId}/results`)
      const ended = results.find(({ status }) => status === 'completed' || status === 'failed')
      if (ended !== undefined) return await this.getResult(ended.id)
      await setTimeout(interval)
    }
    throw new Error(`Session ${sessionId} has no result yet.`)
  }

  async exportExcel (resultId: string): Promise<Buffer> {
    return (await this.#http.get<Buffer>(`/extractions/results/${resultId}/export/excel`, { responseType: 'arraybuffer' })).data
  }
}
